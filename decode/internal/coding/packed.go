package coding

import (
	"compress/bzip2"
	"io"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
)

// formats are those that files are compressed in, and how such files begin.
var formats = [...]struct {
	codec
	begins string
}{
	{codec{"gzip", gunzip, flateCost}, "\x1f\x8b\x08"},
	{codec{"zstd", unzstd, maxWindow + 1<<20}, "\x28\xb5\x2f\xfd"},
	{codec{"bzip2", unbzip2, bzip2Cost}, "BZh"},
	{codec{"xz", unxz, xzCost}, xzMagic},
}

// bzip2Cost is a block of 900,000 bytes, four bytes for each, and tables.
const bzip2Cost = 4 << 20

// Packed returns the format that a file is compressed in that begins with b; empty if
// it is none that Unpack knows. known is false if more bytes are needed to tell.
func Packed(b []byte) (format string, known bool) {
	known = true
	for _, f := range formats {
		switch n := min(len(b), len(f.begins)); {
		case string(b[:n]) != f.begins[:n]:
		case n < len(f.begins):
			known = false
		default:
			return f.name, true
		}
	}
	return "", known
}

// Unpack returns what unpacks a file that is compressed in format, and gives what comes
// out to to. If the account has not enough for that, it returns nil and what that means.
func Unpack(format string, a *budget.Account, to Sink) (*Chain, anomaly.Fault) {
	for _, f := range formats {
		if f.name == format {
			return newChain([]codec{f.codec}, a, to)
		}
	}
	panic("coding: unpack " + format)
}

// unbzip2 reads streams until there are no more.
func unbzip2(c *Coder) error {
	_, err := io.Copy(c, bzip2.NewReader(c))
	if err != nil && strings.Contains(err.Error(), "bad magic value in continuation") {
		return nil
	}
	return err
}
