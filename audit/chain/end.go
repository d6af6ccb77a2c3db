package chain

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// place is where a chain goes on.
type place struct {
	seq  int64
	prev string
	torn []byte // what stands behind the last whole line of the file
	bare bool   // which has no line feed
}

// errNone says that a file has no line of a chain.
var errNone = errors.New("a file is there that is no audit: remove it, or take another name")

// lastOf returns where the chain of a file ends. An empty file has no place.
func lastOf(f *os.File) (at place, err error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return place{prev: Zero}, err
	}
	from := max(info.Size()-2*MaxLine, 0)
	b := make([]byte, info.Size()-from)
	if _, err := f.ReadAt(b, from); err != nil && err != io.EOF {
		return at, err
	}
	for end := len(b); end > 0; {
		end = bytes.LastIndexByte(b[:end], '\n')
		if end < 0 {
			break
		}
		line := b[bytes.LastIndexByte(b[:end], '\n')+1 : end]
		if s, ok := open(line); ok && s.true {
			return place{seq: s.seq, prev: s.hash, torn: b[end+1:]}.whole(), nil
		}
	}
	if from == 0 && bytes.HasPrefix([]byte(seqBegins), b[:min(len(b), len(seqBegins))]) && bytes.IndexByte(b, '\n') < 0 {
		return place{prev: Zero, torn: b}.whole(), nil // the first line was not written to its end
	}
	return at, errNone
}

// whole takes the end of what is torn for a line, if it is one which lacks but its line
// feed.
func (at place) whole() place {
	last := at.torn[bytes.LastIndexByte(at.torn, '\n')+1:]
	if s, ok := open(last); ok && s.true && s.prev == at.prev && s.seq == at.seq+1 {
		return place{seq: s.seq, prev: s.hash, bare: true}
	}
	return at
}
