// Package frames masks secrets in Docker's multiplexed streams, kept whole.
package frames

import (
	"encoding/binary"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// headerSize is the size of the header of a frame: the channel, three bytes,
// and the size of what follows, big endian (Docker Engine API, ContainerAttach).
const headerSize = 8

// channels are the names of the channels, by number.
var channels = [...]wire.Kind{wire.KindStdin, wire.KindStdout, wire.KindStderr, wire.KindSystemErr}

// noChannel is that of what is in no frame.
const noChannel = len(channels)

// streams follow secrets through the frames of each channel.
type streams [len(channels) + 1]form.Matcher

// Mask masks the beginning of a multiplexed stream, whose message goes by
// label. Frames get new sizes: what comes out can be read as what went in. What
// is behind a header that is none goes by as it is understood: as bytes.
func Mask(marks *mask.Marks, data []byte, label string) ([]byte, []string) {
	var s streams
	var names []string
	var out []byte
	copied := 0
	for i := 0; i < len(data); {
		f := frameAt(data, i)
		masked, more := s.mask(marks, f, data[f.from:f.to], label)
		if more != nil {
			names = append(names, more...)
			out = append(out, data[copied:f.from]...)
			if f.channel != noChannel {
				// A frame that is cut stays cut by as much.
				size := f.size + len(masked) - (f.to - f.from)
				binary.BigEndian.PutUint32(out[len(out)-4:], uint32(size))
			}
			out = append(out, masked...)
			copied = f.to
		}
		i = f.to
	}
	if names == nil {
		return data, nil
	}
	slices.Sort(names)
	return append(out, data[copied:]...), slices.Compact(names)
}

// mask masks b, what is in f.
func (s *streams) mask(marks *mask.Marks, f frame, b []byte, label string) ([]byte, []string) {
	kind := wire.KindRaw
	if f.channel != noChannel {
		kind = channels[f.channel]
	}
	label += "." + kind.String()
	if kind == wire.KindStdin {
		return mask.Cover(marks, b, false, label)
	}
	return s[f.channel].Mask(nil, marks, b, false, label)
}

// frame is a part of a stream: a frame, or all the rest, if that is none.
type frame struct {
	channel  int
	from, to int // where its content is
	size     int // of its content, as its header says: it may be cut
}

// frameAt returns the frame that begins at data[i:].
func frameAt(data []byte, i int) frame {
	f := frame{channel: noChannel, from: i, size: len(data) - i}
	if isFrame(data[i:]) {
		f = frame{channel: int(data[i]), from: i + headerSize, size: int(binary.BigEndian.Uint32(data[i+4:]))}
	}
	f.to = f.from + min(f.size, len(data)-f.from)
	return f
}

// isFrame says whether b begins with the header of a frame.
func isFrame(b []byte) bool {
	return len(b) >= headerSize && int(b[0]) < len(channels) && b[1]|b[2]|b[3] == 0
}
