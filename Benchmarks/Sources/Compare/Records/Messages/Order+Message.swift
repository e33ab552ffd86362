extension Order {
    var message: OrderMessage {
        var message = OrderMessage()
        message.number = Int64(number)
        message.customer.name = customer.name
        if let email = customer.email { message.customer.email = email }
        message.status = OrderMessage.Status(rawValue: status.rawValue) ?? .open
        switch payment {
        case .card(let holder, let digits):
            message.card.holder = holder
            message.card.digits = Int64(digits)
        case .invoice(let days): message.invoice.days = Int64(days)
        }
        message.lines = lines.map { line in
            var message = OrderMessage.Line()
            message.product = line.product
            message.quantity = Int64(line.quantity)
            message.price = line.price
            return message
        }
        message.labels = labels
        message.codes = codes.map(Int64.init)
        return message
    }
}
