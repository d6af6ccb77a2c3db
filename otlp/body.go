package otlp

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// packed returns a request with items, compressed.
func (f *frame) packed(items []byte) ([]byte, error) {
	before, behind := f.around(len(items))
	var out bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(&out)
	for _, part := range [][]byte{before, items, behind} {
		if _, err := z.Write(part); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// compressors are used again. Spans are so much alike that the quickest level will do.
var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // it is a level
	return z
}}
