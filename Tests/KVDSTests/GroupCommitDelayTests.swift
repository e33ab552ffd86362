import Testing

@testable import KVDS

@Suite("GroupCommitDelay")
struct GroupCommitDelayTests {
    private let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> GroupCommitDelay.Instant { start + .milliseconds(milliseconds) }

    @Test("a commit group waits for answered callers as long as the last commit took")
    func waits() {
        var gathering = GroupCommitDelay()
        #expect(gathering.deadline(waiting: 1) == nil)
        gathering.groupEnded(answered: 3, waiting: 1, began: at(0), ended: at(2))
        #expect(gathering.deadline(waiting: 3) == at(4))
        #expect(gathering.deadline(waiting: 4) == nil)
    }

    @Test("a commit group waits no longer than the limit after a slow commit")
    func bound() {
        var gathering = GroupCommitDelay()
        gathering.groupEnded(answered: 2, waiting: 0, began: at(0), ended: at(300))
        #expect(gathering.deadline(waiting: 1) == at(300) + GroupCommitDelay.longestWait)
    }

    @Test("waiting in vain pauses the delay for one group, then two, four and so on up to 64")
    func givesUp() {
        var gathering = GroupCommitDelay()
        var pauses: [Int] = []
        var pause = 0
        for group in 0..<400 {
            let ended = at(group * 10 + 1)
            gathering.groupEnded(answered: 5, waiting: 0, began: at(group * 10), ended: ended)
            if gathering.deadline(waiting: 1) == nil {
                pause += 1
            } else {
                pauses.append(pause)
                pause = 0
            }
            gathering.groupBegins(count: 1, at: ended + .milliseconds(5))
        }
        #expect(pauses.prefix(10) == [0, 1, 2, 4, 8, 16, 32, 64, 64, 64])
    }

    @Test("one complete commit group makes up for earlier incomplete ones")
    func recovers() {
        var gathering = GroupCommitDelay()
        for group in 0..<10 {
            gathering.groupEnded(answered: 5, waiting: 0, began: at(group), ended: at(group))
            gathering.groupBegins(count: 1, at: at(group + 1))
        }
        // Leave the pause.
        while gathering.deadline(waiting: 1) == nil {
            gathering.groupEnded(answered: 5, waiting: 0, began: at(100), ended: at(101))
        }
        gathering.groupBegins(count: 5, at: at(101))
        gathering.groupEnded(answered: 5, waiting: 0, began: at(102), ended: at(103))
        gathering.groupBegins(count: 1, at: at(110))
        gathering.groupEnded(answered: 5, waiting: 0, began: at(111), ended: at(112))
        #expect(gathering.deadline(waiting: 1) == nil)
        gathering.groupEnded(answered: 5, waiting: 0, began: at(113), ended: at(114))
        #expect(gathering.deadline(waiting: 1) == at(115))
    }
}
