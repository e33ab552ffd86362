extension Contact {
    var message: ContactMessage {
        var message = ContactMessage()
        message.name = name
        message.city = city
        message.age = Int64(age)
        message.balance = balance
        if let phone { message.phone = phone }
        return message
    }
}
