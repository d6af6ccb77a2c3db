package coding

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// codec is a content coding (RFC 9110, section 8.4.1) that can be removed.
type codec struct {
	name string
	run  func(*Coder) error
	cost int // most memory that it takes
}

// maxCodings bounds how many codings of one body are removed: nobody needs
// more, and each costs memory.
const maxCodings = 4

// flateCost is a window of 32 KiB, tables, buffers and a stack.
const flateCost = 128 << 10

// maxWindow is what a zstd stream may refer back to, at most (RFC 9659, section
// 3); a brotli stream 16 MiB (RFC 7932, section 9.1).
const maxWindow = 8 << 20

// codecOf returns the coding of a name. Names are those that IANA lists, and
// x-gzip.
func codecOf(name string) (codec, bool) {
	switch name = strings.ToLower(name); name {
	case "gzip", "x-gzip":
		return codec{"gzip", gunzip, flateCost}, true
	case "deflate":
		return codec{name, inflate, flateCost}, true
	case "br":
		return codec{name, unbrotli, 17 << 20}, true
	case "zstd":
		return codec{name, unzstd, maxWindow + 1<<20}, true
	case "aws-chunked":
		return codec{name, unchunk, flateCost}, true
	}
	return codec{}, false
}

// codecs returns the codings in a Content-Encoding value in the order in which
// they have to be removed, which is from the last to the first. It reports
// false if one of them is not known.
func codecs(list string) ([]codec, bool) {
	var all []codec
	for list != "" {
		i := strings.LastIndexByte(list, ',')
		name := strings.TrimSpace(list[i+1:])
		list = list[:max(i, 0)]
		if name == "" || strings.EqualFold(name, "identity") {
			continue
		}
		c, ok := codecOf(name)
		if !ok || len(all) == maxCodings {
			return nil, false
		}
		all = append(all, c)
	}
	return all, true
}

// errBehind says that the body goes on where its coding has ended.
var errBehind = errors.New("there are bytes behind the end")

// gunzip reads members until there are no more (RFC 1952, section 2.2). The
// reader is told not to look for the next one by itself: it would hold back the
// end of the one before.
func gunzip(c *Coder) error {
	z, err := gzip.NewReader(c)
	for err == nil {
		z.Multistream(false)
		if err = c.copy(z); err != nil {
			break
		}
		c.mark(true)
		if err = z.Reset(c); errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errBehind
		}
		c.mark(false)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// inflate reads what is called deflate: zlib by the standard (RFC 9110, section
// 8.4.1.2), and bare DEFLATE by those that took the name at its word. A zlib
// header is told by its method and its check bits (RFC 1950, section 2.2).
func inflate(c *Coder) error {
	head := make([]byte, 2)
	n, err := io.ReadFull(c, head)
	if err == errStopped {
		return err
	}
	c.unread(head[:n])
	var z io.Reader
	if isZlib(head) {
		if z, err = zlib.NewReader(c); err != nil {
			return err
		}
	} else {
		z = flate.NewReader(c)
	}
	if err := c.copy(z); err != nil {
		return err
	}
	return c.atEnd()
}

// isZlib says whether b, of two bytes or more, begins with a zlib header.
func isZlib(b []byte) bool {
	return b[0]&0x0f == 8 && b[0]>>4 <= 7 && (int(b[0])<<8|int(b[1]))%31 == 0
}

// atEnd returns errBehind unless nothing follows.
func (c *Coder) atEnd() error {
	c.mark(true)
	switch _, err := c.ReadByte(); err {
	case io.EOF:
		return nil
	case nil:
		return errBehind
	default:
		return err
	}
}

// unbrotli gives the decoder one byte at a time: what it finds wrong it tells
// instead of what it has decoded until then, so that with more at a time that
// would depend on how the bytes were cut. The price is some 5 MB of coded bytes
// a second.
//
// With one byte at a time it may also take the last one for excess, after all
// has been decoded. So there is excess if another byte follows, and a single
// byte behind the end is not noticed; if it is, the one before is shown with it,
// since it may be excess, too.
func unbrotli(c *Coder) error {
	in := &tail{c: c, size: 1}
	err := c.copy(brotli.NewReader(oneByte{in}))
	if err != nil && err.Error() == "brotli: excessive input" {
		if err = c.atEnd(); err == errBehind {
			c.read = append(in.b, c.read...)
		}
	}
	return err
}

// oneByte reads one byte at a time.
type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 1)]) }

// unzstd reads frames until there are no more (RFC 8878, section 3). WriteTo
// gives a block as soon as it is decoded; Read would want the next one first.
func unzstd(c *Coder) error {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return err
	}
	defer z.Close()
	tail := &tail{c: c, size: magicSize}
	if err := z.Reset(tail); err != nil {
		return err
	}
	n, err := z.WriteTo(c)
	if n > 0 && errors.Is(err, zstd.ErrMagicMismatch) {
		c.read = append(c.read[:0], tail.b...)
		return errBehind
	}
	return err
}

// magicSize is the size of what a zstd frame begins with.
const magicSize = 4

// tail keeps the last bytes that were read: those that were taken for something and
// are not.
type tail struct {
	c    *Coder
	size int
	b    []byte
}

func (t *tail) Read(p []byte) (int, error) {
	n, err := t.c.Read(p)
	t.b = append(t.b, p[max(0, n-t.size):n]...)
	t.b = append(t.b[:0], t.b[max(0, len(t.b)-t.size):]...)
	return n, err
}
