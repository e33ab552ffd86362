import KVDS
