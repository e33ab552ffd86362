extension Order {
    func write(to writer: inout HandWriter) {
        writer.write(number)
        writer.write(byte: customer.email == nil ? 0 : 1)
        writer.write(customer.name)
        if let email = customer.email { writer.write(email) }
        writer.write(status.rawValue)
        switch payment {
        case .card(let holder, let digits):
            writer.write(byte: 0)
            writer.write(holder)
            writer.write(digits)
        case .invoice(let days):
            writer.write(byte: 1)
            writer.write(days)
        }
        writer.write(varint: UInt64(lines.count))
        for line in lines {
            writer.write(line.product)
            writer.write(line.quantity)
            writer.write(line.price)
        }
        writer.write(varint: UInt64(labels.count))
        for label in labels { writer.write(label) }
        writer.write(varint: UInt64(codes.count))
        for code in codes { writer.write(code) }
    }

    init(from reader: inout HandReader) throws {
        number = try reader.integer()
        let bitmap = try reader.byte()
        customer = Customer(name: try reader.string(), email: bitmap & 1 == 1 ? try reader.string() : nil)
        guard let status = Status(rawValue: try reader.integer()) else { throw HandReader.Damage() }
        self.status = status
        switch try reader.byte() {
        case 0: payment = .card(holder: try reader.string(), digits: try reader.integer())
        case 1: payment = .invoice(days: try reader.integer())
        default: throw HandReader.Damage()
        }
        lines = try reader.list { reader throws in
            Line(product: try reader.string(), quantity: try reader.integer(), price: try reader.double())
        }
        labels = try reader.list { try $0.string() }
        codes = try reader.list { try $0.integer() }
    }
}

extension HandReader {
    fileprivate mutating func list<Element>(_ element: (inout HandReader) throws -> Element) throws -> [Element] {
        let count = try count()
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }
}
