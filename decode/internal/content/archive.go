package content

import (
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/wire"
)

// archive looks whether a body that should be an archive is one, perhaps compressed.
type archive struct {
	limits   Limits
	reads    []string             // files in it whose text is told
	behind   func(Limits) Content // makes what decodes what is no part of it
	unpacked bool                 // it is what was compressed
}

// decide tells what b begins.
func (a *archive) decide(b []byte, end bool) verdict {
	if !a.unpacked {
		if format, known := coding.Packed(b); format != "" || !known && !end {
			return verdict{known: known, packed: format}
		}
	}
	switch {
	case len(b) < tarBlock && !end:
		return verdict{}
	case len(b) >= tarBlock && (isTarHeader(b) || isZeros(b[:tarBlock])):
		return verdict{known: true, kind: wire.KindTar}
	}
	return verdict{known: true, kind: wire.KindBinary}
}

// make returns what decodes a body that v was found of.
func (a *archive) make(v verdict) Content {
	switch {
	case v.packed != "":
		within := *a
		within.unpacked = true
		return newPacked(v.packed, a.limits, &sniffer{judge: &within})
	case v.kind == wire.KindTar:
		return newTar(a.limits, a.reads, a.behind)
	}
	return nil
}

// isArchive says whether b, which is not a text, begins an archive.
func isArchive(b []byte) bool { return len(b) >= tarBlock && isTarHeader(b) }
