import KVDS
import KVDSSystem

/// The reader of our output has closed it.
package struct BrokenPipe: Error {}
