package wire

// Files is the sum of the files that a body has carried: an archive, or the packets
// by which BuildKit fetches a folder.
type Files struct {
	Files   int64 // regular ones
	Others  int64 // folders, links, devices
	Bytes   int64 // of the content of files that went by
	Listed  int64 // of all files, as was said of them: who asks for files may want few
	Largest string
	Most    int64  // the size of the largest
	Role    string // what they are for: "build context"; empty if that is not known
}

// filesBytes is how much memory f holds of the traffic.
func filesBytes(f *Files) int {
	if f == nil {
		return 0
	}
	return len(f.Largest)
}
