package recording

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/socktrace/socktrace/internal/openfile"
	"path/filepath"
)

// input is a file that is read.
type input struct {
	io.Reader
	stop   []func()
	atRest bool // it is all there: no read waits
}

// openInput opens the file called name, or takes stdin if it is "-".
func openInput(ctx context.Context, name string, stdin *os.File, watch Watch) (*input, error) {
	in := new(input)
	f := stdin
	if name != stdinName {
		var err error
		if f, err = openfile.Interruptibly(ctx, func() (*os.File, error) { return os.Open(name) }); err != nil {
			return nil, err // it names the file
		}
		in.stop = append(in.stop, func() { f.Close() })
	}
	in.Reader = f
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		in.Close()
		return nil, fmt.Errorf("%s: it is a folder: name the files in it, as %s", name, filepath.Join(name, "*"))
	}
	if in.atRest = err == nil && info.Mode().IsRegular(); !in.atRest {
		r, stop := interruptible(ctx, f)
		in.Reader, in.stop = r, append(in.stop, stop)
	}
	if watch != nil {
		in.Reader = watch(in.Reader, info)
	}
	return in, nil
}

// stdinName is what stands for standard input.
const stdinName = "-"

// Watch returns a reader in the place of one of a file, to see how far it is
// read. info is nil if nothing is known of the file.
type Watch func(in io.Reader, info fs.FileInfo) io.Reader

// Close closes the file, and stops what reads it.
func (in *input) Close() error {
	for i := len(in.stop) - 1; i >= 0; i-- {
		in.stop[i]()
	}
	in.stop = nil
	return nil
}

// interruptible returns what f has, until ctx ends: a read of a pipe cannot be
// relied on to end by itself. stop must be called.
func interruptible(ctx context.Context, f io.Reader) (in io.Reader, stop func()) {
	r, w := io.Pipe()
	go func() { // it outlives a read that never ends, up to the end of the program
		_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{f}, make([]byte, 256<<10))
		w.CloseWithError(err)
	}()
	interrupt := context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	return r, func() {
		interrupt()
		r.Close()
	}
}
