package disk

import (
	"fmt"
	"strconv"
	"strings"
)

// suffix is how names of requests end, and unfinished what stands behind that while one is
// written.
const (
	suffix     = ".gz"
	unfinished = ".new"
)

// maxItems bounds how many items a name can say that there are.
const maxItems = 1 << 20

// Unit is a request that is kept.
type Unit struct {
	Number uint64
	Kind   string
	Items  int64
	size   int64 // what it takes of the disk, in bytes
}

// name returns what its file is called.
func (u *Unit) name() string {
	return fmt.Sprintf("%016d-%s-%d%s", u.Number, u.Kind, u.Items, suffix)
}

// parse reads a name; false if it is none that name returns.
func parse(name string) (u Unit, ok bool) {
	parts := strings.Split(strings.TrimSuffix(name, suffix), "-")
	if len(parts) != 3 {
		return u, false
	}
	var err1, err2 error
	u.Number, err1 = strconv.ParseUint(parts[0], 10, 63)
	u.Kind = parts[1]
	u.Items, err2 = strconv.ParseInt(parts[2], 10, 64)
	return u, err1 == nil && err2 == nil && 0 < u.Items && u.Items <= maxItems && u.name() == name
}
