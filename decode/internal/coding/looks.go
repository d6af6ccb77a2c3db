package coding

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/internal/media"
)

// Looks says whether bytes look as if they were in a coding.
type Looks uint8

const (
	TooFew Looks = iota // more will tell
	Yes                 // they begin as the coding does
	Maybe               // the coding has no beginning of its own, and they are no text
	No
)

// magics are how codings begin that have a beginning of their own. Of zstd it may be
// that of a frame to be skipped (RFC 8878, section 3.1.2).
var magics = map[string][]string{"gzip": {"\x1f\x8b\x08"}, "zstd": {"\x28\xb5\x2f\xfd", "\x50\x2a\x4d\x18"}}

// enough is how many bytes that are a text are enough to know that they are in no
// coding.
const enough = 16

// LookAt says whether b begins as a body does whose Content-Encoding value is list,
// of known codings. end says that nothing follows b.
func LookAt(list string, b []byte, end bool) Looks {
	all, _ := codecs(list)
	if len(all) == 0 {
		return No
	}
	if beginnings := magics[all[0].name]; beginnings != nil {
		return lookFor(beginnings, b, end)
	}
	b = b[:min(len(b), enough)]
	switch {
	case all[0].name == "aws-chunked":
		return Maybe
	case !media.IsPlain(b) && len(b) > 1 && all[0].name == "deflate" && isZlib(b):
		return Yes
	case !media.IsPlain(b) && len(b) > 1:
		return Maybe
	case len(b) >= enough:
		return No
	case end:
		return Maybe
	}
	return TooFew
}

func lookFor(beginnings []string, b []byte, end bool) Looks {
	looks := No
	for _, m := range beginnings {
		n := min(len(b), len(m))
		switch {
		case string(b[:n]) != m[:n]:
		case n == len(m):
			return Yes
		case !end:
			looks = TooFew
		default:
			looks = Maybe
		}
	}
	return looks
}

// Unlabelled returns the coding that b begins as, whatever its label says; known is
// false if more bytes are needed to tell.
func Unlabelled(b []byte) (name string, known bool) {
	known = true
	for name, beginnings := range magics {
		m := beginnings[0]
		switch {
		case bytes.HasPrefix(b, []byte(m)):
			return name, true
		case strings.HasPrefix(m, string(b)):
			known = false
		}
	}
	return "", known
}
