extension Profile {
    var message: ProfileMessage {
        var message = ProfileMessage()
        message.id = Int64(id)
        message.login = login
        message.firstName = firstName
        message.lastName = lastName
        message.email = email
        if let phone { message.phone = phone }
        message.street = street
        message.city = city
        message.country = country
        if let company { message.company = company }
        message.age = Int64(age)
        message.visits = Int64(visits)
        message.points = Int64(points)
        message.lastSeen = Int64(lastSeen)
        if let parent { message.parent = Int64(parent) }
        message.latitude = latitude
        message.longitude = longitude
        message.balance = balance
        message.isActive = isActive
        message.hasNewsletter_p = hasNewsletter
        return message
    }
}
