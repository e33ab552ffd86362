#if Command
import ArgumentParser
import KVDS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The outcome of one change.
struct FlipOutcome {
    enum Kind: String, CaseIterable {
        case sound, older, error, wrong, crash, hang
    }

    let kind: Kind
    let detail: String
}
#endif
