package redact

import (
	"encoding/binary"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// frameHeader is the size of the header of a frame of a multiplexed stream:
// the channel, three bytes, and the size of what follows, big endian (Docker
// Engine API, ContainerAttach).
const frameHeader = 8

// channels are the names of the channels, by number.
var channels = [...]wire.Kind{wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr}

// frames masks the beginning of a multiplexed stream, whose message is known
// as name. Secrets are followed through the frames of each channel, and the
// frames get new sizes: what comes out can be read as what went in. What is
// behind a header that is none goes by as it is understood: as bytes.
func (r *Redactor) frames(data []byte, name string) ([]byte, []string) {
	var forms [len(channels) + 1]form.Matcher
	var names []string
	var out []byte
	copied := 0
	for i := 0; i < len(data); {
		from, size, channel := i, len(data)-i, len(channels)
		kind := wire.KindRaw
		if isFrame(data[i:]) {
			channel = int(data[i])
			kind = channels[channel]
			from = i + frameHeader
			size = int(binary.BigEndian.Uint32(data[i+4:]))
		}
		to := from + min(size, len(data)-from)
		var masked []byte
		var more []string
		if what := name + "." + kind.String(); kind == wire.KindStdin {
			masked, more = mask.Cover(r.marks, data[from:to], false, what)
		} else {
			masked, more = forms[channel].Mask(nil, r.marks, data[from:to], false, what)
		}
		if more != nil {
			names = append(names, more...)
			out = append(out, data[copied:from]...)
			if channel < len(channels) {
				// A frame that is cut stays cut by as much.
				size += len(masked) - (to - from)
				binary.BigEndian.PutUint32(out[len(out)-4:], uint32(size))
			}
			out = append(out, masked...)
			copied = to
		}
		i = to
	}
	if names == nil {
		return data, nil
	}
	slices.Sort(names)
	return append(out, data[copied:]...), slices.Compact(names)
}

// isFrame says whether b begins with the header of a frame.
func isFrame(b []byte) bool {
	return len(b) >= frameHeader && int(b[0]) < len(channels) && b[1]|b[2]|b[3] == 0
}
