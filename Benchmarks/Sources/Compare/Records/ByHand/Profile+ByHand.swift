extension Profile {
    func write(to writer: inout HandWriter) {
        var bitmap: UInt8 = phone == nil ? 0 : 1
        if company != nil { bitmap |= 2 }
        if parent != nil { bitmap |= 4 }
        if isActive { bitmap |= 8 }
        if hasNewsletter { bitmap |= 16 }
        writer.write(byte: bitmap)
        writer.write(id)
        writer.write(login)
        writer.write(firstName)
        writer.write(lastName)
        writer.write(email)
        if let phone { writer.write(phone) }
        writer.write(street)
        writer.write(city)
        writer.write(country)
        if let company { writer.write(company) }
        writer.write(age)
        writer.write(visits)
        writer.write(points)
        writer.write(lastSeen)
        if let parent { writer.write(parent) }
        writer.write(latitude)
        writer.write(longitude)
        writer.write(balance)
    }

    init(from reader: inout HandReader) throws {
        let bitmap = try reader.byte()
        id = try reader.integer()
        login = try reader.string()
        firstName = try reader.string()
        lastName = try reader.string()
        email = try reader.string()
        phone = bitmap & 1 == 0 ? nil : try reader.string()
        street = try reader.string()
        city = try reader.string()
        country = try reader.string()
        company = bitmap & 2 == 0 ? nil : try reader.string()
        age = try reader.integer()
        visits = try reader.integer()
        points = try reader.integer()
        lastSeen = try reader.integer()
        parent = bitmap & 4 == 0 ? nil : try reader.integer()
        latitude = try reader.double()
        longitude = try reader.double()
        balance = try reader.double()
        isActive = bitmap & 8 != 0
        hasNewsletter = bitmap & 16 != 0
    }
}
