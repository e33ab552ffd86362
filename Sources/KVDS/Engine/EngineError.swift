/// Why a call of an engine failed.
///
/// The first two cases are signals for the ``EmbeddedStore``, which repeats the call. Callers of the store never see
/// them: its functions throw ``StoreError``, so the compiler requires each signal to be handled before that.
public enum EngineError: Error, Sendable {
    /// The call must not wait but would have to. The store repeats it where it may wait.
    case wouldBlock
    /// The store must call ``StorageEngine/grow(forWriting:)`` before it repeats the call.
    case mapFull
    /// The call failed, with the error for the caller of the store.
    case failed(StoreError)

    /// Calls `body`. Its errors are for the caller of the store.
    @inline(__always)
    public static func wrapping<R>(_ body: () throws(StoreError) -> R) throws(EngineError) -> R {
        do throws(StoreError) {
            return try body()
        } catch {
            throw .failed(error)
        }
    }
}
