package recording

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// bufferSize is how much is read at once: what the reader of captures would
	// take otherwise.
	bufferSize = 512 << 10
	// maxWindow is how much memory a zstd file may ask for: what zstd grants
	// unless it is told otherwise.
	maxWindow = 128 << 20
)

// unpack returns what is in a file: decompressed, in UTF-8, and without a byte
// order mark. closer frees memory. It takes no more than the first bytes, as far as
// they have come. What is compressed is unpacked beside, if no read waits.
func unpack(r io.Reader, atRest bool) (in *bufio.Reader, closer io.Closer, err error) {
	packed := bufio.NewReaderSize(r, bufferSize)
	z, err := decompressor(packed)
	switch {
	case err != nil:
		return nil, nil, err
	case z == nil:
		in, closer = packed, io.NopCloser(nil)
	case atRest:
		beside := readAhead(z)
		in, closer = bufio.NewReaderSize(beside, bufferSize), beside
	default:
		in, closer = bufio.NewReaderSize(z, bufferSize), z
	}
	return plainText(in), closer, nil
}

// plainText returns in, if that is a text, in UTF-8 and without a byte order mark.
func plainText(in *bufio.Reader) *bufio.Reader {
	b, _ := in.Peek(1)
	if len(b) == 1 && mayBegin[b[0]] {
		b, _ = in.Peek(2)
	}
	if order := utf16Order(b); order != nil {
		in = bufio.NewReaderSize(&utf16Reader{in: in, order: order}, bufferSize)
		b, _ = in.Peek(1)
	}
	if len(b) > 0 && b[0] == mark[0] {
		if b, _ = in.Peek(len(mark)); string(b) == mark {
			in.Discard(len(mark))
		}
	}
	return in
}

// mayBegin are the bytes that a text in UTF-16 may begin with.
var mayBegin = [256]bool{0xff: true, 0xfe: true, 0: true, '{': true, '[': true, '/': true}

// mark is the byte order mark that some programs write before JSON.
const mark = "\ufeff"

// decompressor returns what decompresses in; nil if in is not compressed.
func decompressor(in *bufio.Reader) (z io.ReadCloser, err error) {
	b, _ := in.Peek(1) // the same error comes again; that of zstd ends like those of zlib
	if len(b) == 1 && (b[0] == 0x1f || b[0]&0x0f == 8) {
		b, _ = in.Peek(4)
	}
	name := ""
	switch {
	case bytes.HasPrefix(b, []byte("\x1f\x8b")): // RFC 1952, section 2.3.1
		name = "gzip"
		z, err = gzip.NewReader(in)
	case bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")): // RFC 8878, section 3.1.1
		name = "zstd"
		var d *zstd.Decoder
		if d, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)); err == nil {
			z = d.IOReadCloser()
		}
	case len(b) > 1 && b[0]&0x0f == 8 && (int(b[0])<<8|int(b[1]))%31 == 0: // RFC 1950, section 2.2
		name = "zlib"
		z, err = zlib.NewReader(in)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return z, nil
}
