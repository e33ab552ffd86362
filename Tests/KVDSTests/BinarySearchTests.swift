import Testing

@testable import KVDS

@Suite("Binary search")
struct BinarySearchTests {
    @Test("partitioningIndex returns the first index of the second partition, or the end")
    func boundaries() {
        for count in 0..<20 {
            for boundary in 0...count {
                let numbers = Array(0..<count)
                #expect(numbers.partitioningIndex { $0 >= boundary } == boundary)
                // A slice has the indices of its base.
                for start in 0...boundary {
                    #expect(numbers[start...].partitioningIndex { $0 >= boundary } == boundary)
                }
            }
        }
    }
}
