package policy

import (
	"cmp"
	"maps"
	"slices"
)

// Seen is what clients have asked for.
type Seen struct {
	Requests   int64
	Clients    []string // by how much they asked for
	Operations []*Use   // in the order of the table
	Others     []Other  // what is no operation, most first
	OtherMore  int64    // requests of those that there was no room for
	HTTP2      int64    // requests of HTTP/2, which no proxy of those relays
	Binds      []string // what of the host was to be mounted, sorted
	bindsMore  bool     // there was no room for all
	unread     int64    // documents that may tell of mounts, and were not there in full
	borrows    bool     // containers had the mounts of others: VolumesFrom
	denied     []denial // most first
	deniedAll  int64
	deniedMore int64         // of those that there was no room for
	failed     map[int]int64 // requests by status, of those that are errors
	uses       map[*operation]*Use
}

// Use is an operation that was asked for.
type Use struct {
	op      *operation
	Count   int64
	Clients []string // who asked, most first
	clients map[int]int64
	decoded width // of its parameters in the decoded path
	sent    width // of those in the target
	Based   int64 // requests with something before the version that no rule has
	Example string
	Stream  bool // the connection became something else without the answer saying so
}

// Name returns the name of the operation.
func (u *Use) Name() string { return u.op.Name }

// Request returns method and path of the operation.
func (u *Use) Request() string { return u.op.Method + " " + u.op.Path }

// Other is what was asked for and is no operation.
type Other struct {
	Method, Path string
	Count        int64
	Client       string // who asked first
}

// operationsSeen returns the operations, without what was asked for on paths that no rule has.
func (s *Seen) operationsSeen() (all []*operation) {
	for _, u := range s.Operations {
		all = append(all, u.op)
	}
	return all
}

// creates reports whether something was asked for whose document may mount what is the host's.
func (s *Seen) creates() bool {
	return slices.ContainsFunc(s.Operations, func(u *Use) bool { return mounts[u.op.Name] })
}

// universe returns the operations that rules are compared with: Docker's, and Podman's own if one
// of those was seen.
func (s *Seen) universe() (all []*operation) {
	podman := slices.ContainsFunc(s.Operations, func(u *Use) bool { return u.op.libpod })
	for i := range operations() {
		if o := &operations()[i]; !o.libpod || podman {
			all = append(all, o)
		}
	}
	return all
}

// byCount returns the keys of counts, the largest first.
func byCount(counts map[int]int64) []int {
	return slices.SortedFunc(maps.Keys(counts), func(a, b int) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}
