extension Contact {
    func write(to writer: inout HandWriter) {
        writer.write(byte: phone == nil ? 0 : 1)
        writer.write(name)
        writer.write(city)
        writer.write(age)
        writer.write(balance)
        if let phone { writer.write(phone) }
    }

    init(from reader: inout HandReader) throws {
        let bitmap = try reader.byte()
        name = try reader.string()
        city = try reader.string()
        age = try reader.integer()
        balance = try reader.double()
        phone = bitmap & 1 == 1 ? try reader.string() : nil
    }
}
