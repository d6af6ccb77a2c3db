// Package frames masks secrets in Docker's multiplexed streams, kept whole.
package frames

import (
	"encoding/binary"
	"slices"

	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// streams follow secrets through the frames of each kind.
type streams [wire.KindCount]form.Matcher

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
			if f.kind != wire.KindRaw {
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
	label += "." + f.kind.String()
	if f.kind == wire.KindStdin {
		return mask.Cover(marks, b, false, label)
	}
	return s[f.kind].Mask(nil, marks, b, false, label)
}

// frame is a part of a stream: a frame, or all the rest, if that is none.
type frame struct {
	kind     wire.Kind // raw: it is none
	from, to int       // where its content is
	size     int       // of its content, as its header says: it may be cut
}

// frameAt returns the frame that begins at data[i:].
func frameAt(data []byte, i int) frame {
	f := frame{kind: wire.KindRaw, from: i, size: len(data)} // more than there is
	if len(data)-i >= wire.FrameHeader {
		if kind, ok := wire.FrameKind(data[i:]); ok {
			f = frame{kind: kind, from: i + wire.FrameHeader, size: int(binary.BigEndian.Uint32(data[i+4:]))}
		}
	}
	f.to = f.from + min(f.size, len(data)-f.from)
	return f
}
