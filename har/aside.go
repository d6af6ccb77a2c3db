package har

import (
	"compress/gzip"
	"io"

	"github.com/socktrace/socktrace/internal/openfile"
)

// aside is a document that is made beside its place, and takes that when it is complete
// (openfile.Successor). It costs fewer writes than a document that is whole at every
// moment, for when nobody waits for the bytes to go on.
type aside struct {
	file  *openfile.Successor
	z     *gzip.Writer // before file; nil: it is not compressed
	n     int64        // bytes that were given to file
	exact bool         // n is to be what the document takes
}

// newAside begins a document in file, which is compressed if zip is true. exact says that
// its size is to be known, which makes compressed ones larger.
func newAside(file *openfile.Successor, zip, exact bool) *aside {
	a := &aside{file: file, exact: exact}
	if zip {
		a.z, _ = gzip.NewWriterLevel((*stored)(a), gzip.BestSpeed) // it fails for other levels
	}
	return a
}

// stored is what is written to the file of an aside.
type stored aside

func (c *stored) Write(b []byte) (int, error) {
	n, err := c.file.Write(b)
	c.n += int64(n)
	return n, err
}

func (a *aside) size() int64 { return a.n }

func (a *aside) extend(entry, _ []byte, _ bool) error {
	if a.z == nil {
		_, err := (*stored)(a).Write(entry)
		return err
	}
	_, err := a.z.Write(entry)
	if err == nil && a.exact {
		err = a.z.Flush()
	}
	return err
}

// finish has the document take its place, unless something of it could not be written.
func (a *aside) finish(tail []byte) error {
	var w io.WriteCloser = unclosed{(*stored)(a)}
	if a.z != nil {
		w = a.z
	}
	_, _ = w.Write(tail) // its error is that of Finish
	_ = w.Close()
	return a.file.Finish()
}

// abandon leaves what is at its place.
func (a *aside) abandon() { a.file.Abandon() }

// unclosed is a writer that has nothing to close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
