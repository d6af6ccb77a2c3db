package buildkit

import (
	"bytes"
	"strconv"
)

// number is an integer, which JSON of protobuf has as text if it may be large
// (protobuf, "ProtoJSON format"). What is none is 0.
type number int64

// UnmarshalJSON reads either form.
func (n *number) UnmarshalJSON(b []byte) error {
	i, _ := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	*n = number(i)
	return nil
}
