package disk

// Options say what is kept.
type Options struct {
	Size  int64    // of the disk, for all together, in bytes
	Kinds []string // of requests; others that are there are left alone
	Warn  func(error)
}

// Bounds of what is kept: how many requests, the list of which is in memory, and how long
// the file of one may be, in bytes.
const (
	maxUnits = 1 << 18
	maxFile  = 8 << 20
)
