package recording

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/zstd"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/flow"
	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/render"
	"github.com/socktrace/socktrace/wire"
)

// conns are connections without traffic.
func conns(ids ...int) (all []*wire.Conn) {
	for _, id := range ids {
		all = append(all, &wire.Conn{ID: id, Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	}
	return all
}

// files are recordings of the connections in every format.
func files(t *testing.T, ids ...int) map[string][]byte {
	t.Helper()
	var h, l, ng bytes.Buffer
	hw := har.NewWriter(&h, har.Options{})
	lw := render.NewJSONL(&l, 1<<20, render.AllEvents)
	pw, err := pcap.NewWriter(&ng, pcap.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b := flow.New(flow.Options{Still: true, Failed: func(name string, err error) { t.Error(name, err) }})
	outlets := []*flow.Outlet{b.Add("har", hw, flow.Delivery{}), b.Add("lines", lw, flow.Delivery{})}
	for _, c := range conns(ids...) {
		tap := wire.Taps{pw.Tap(c), decode.New(c, decode.Options{}, b.Event)}
		tap.Chunk(wire.Chunk{Conn: c, Time: c.Start, Data: []byte("GET / HTTP/1.1\r\n\r\n")})
		tap.End(c.Start, nil)
	}
	b.Close()
	if err := errors.Join(outlets[0].Close(), outlets[1].Close(), pw.Close()); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"HAR": h.Bytes(), "JSON lines": l.Bytes(), "capture": ng.Bytes()}
}

// write returns the name of a file with b.
func write(t *testing.T, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "recording")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// read reads a recording, and returns the numbers of its connections.
func read(r *Recording) (ids []int, s Summary, err error) {
	s, err = r.Read(context.Background(), func(c *wire.Conn) wire.Tap {
		ids = append(ids, c.ID)
		return wire.Taps{}
	}, func(ev wire.Event) {
		if open, ok := ev.(*wire.Open); ok {
			ids = append(ids, open.Conn.ID)
		}
	})
	return ids, s, errors.Join(err, r.Close())
}

// packers are the ways in which files are packed.
var packers = map[string]func(io.Writer) io.WriteCloser{
	"plain": func(w io.Writer) io.WriteCloser { return nopCloser{w} },
	"gzip":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"zlib":  func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"zstd": func(w io.Writer) io.WriteCloser {
		z, _ := zstd.NewWriter(w, zstd.WithWindowSize(8<<20))
		return z
	},
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// TestFormats knows what a file is by what is in it, however it is packed, and
// gives its connections the numbers they have.
func TestFormats(t *testing.T) {
	for format, file := range files(t, 1, 2, 5) {
		for packing, pack := range packers {
			for _, before := range []string{"", "\ufeff", " \r\n\t"} {
				if before != "" && format == "capture" {
					continue
				}
				var b bytes.Buffer
				w := pack(&b)
				io.WriteString(w, before)
				w.Write(file)
				w.Close()
				r, err := Open(t.Context(), write(t, b.Bytes()), nil, Options{})
				if err != nil {
					t.Errorf("%s, %s, %q: %v", format, packing, before, err)
					continue
				}
				if r.Format().String() != format || r.Format().HasBytes() != (format == "capture") {
					t.Errorf("%s, %s, %q: %s", format, packing, before, r.Format())
				}
				ids, s, err := read(r)
				if err != nil || len(s.Repairs) > 0 || !reflect.DeepEqual(ids, []int{1, 2, 5}) {
					t.Errorf("%s, %s, %q: %v, %q, %v", format, packing, before, ids, s.Repairs, err)
				}
			}
		}
	}
}

// TestUTF16 reads text files in UTF-16, in either order of bytes, with a byte order
// mark or without.
func TestUTF16(t *testing.T) {
	for format, file := range files(t, 1, 2, 5) {
		if format == "capture" {
			continue
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, before := range []string{"", "\ufeff"} {
				var b []byte
				for _, u := range utf16.Encode([]rune(before + string(file))) {
					b = order.AppendUint16(b, u)
				}
				r, err := Open(t.Context(), write(t, b), nil, Options{})
				if err != nil {
					t.Errorf("%s, %v: %v", format, order, err)
					continue
				}
				ids, s, err := read(r)
				if r.Format().String() != format || err != nil || len(s.Repairs) > 0 || !reflect.DeepEqual(ids, []int{1, 2, 5}) {
					t.Errorf("%s, %v: %v, %v, %q, %v", format, order, r.Format(), ids, s.Repairs, err)
				}
			}
		}
	}
}

// TestUTF16Reader reads every kind of character in pieces of any size, and what is
// none as U+FFFD.
func TestUTF16Reader(t *testing.T) {
	const text = "aé€\U0001f600b"
	for size := 1; size < 12; size++ {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		b = append(b, 0x3d, 0xd8, 'x', 0, 0x00, 0xde, 'y', 0, 0x3d, 0xd8) // lone surrogates, the last of them at the end
		r := &utf16Reader{in: bufio.NewReader(iotest.OneByteReader(bytes.NewReader(b))), order: binary.LittleEndian}
		var got []byte
		piece := make([]byte, size)
		n, err := r.Read(piece)
		for ; err == nil; n, err = r.Read(piece) {
			got = append(got, piece[:n]...)
		}
		got = append(got, piece[:n]...)
		if want := text + "\ufffdx\ufffdy\ufffd"; string(got) != want || err != io.EOF {
			t.Errorf("in pieces of %d: %q, %v, want %q", size, got, err, want)
		}
	}
	if _, err := io.ReadAll(&utf16Reader{in: bufio.NewReader(strings.NewReader("a\x00b")), order: binary.LittleEndian}); err != io.ErrUnexpectedEOF {
		t.Errorf("half a character: %v", err)
	}
}

// TestSeveral gives the connections of several recordings different numbers.
func TestSeveral(t *testing.T) {
	numbers := new(wire.Numbers)
	all := files(t, 1, 3)
	var got []int
	for _, format := range []string{"capture", "HAR", "JSON lines", "capture"} {
		r, err := Open(t.Context(), write(t, all[format]), nil, Options{Numbers: numbers})
		if err != nil {
			t.Fatal(err)
		}
		ids, _, err := read(r)
		if err != nil {
			t.Error(err)
		}
		got = append(got, ids...)
	}
	if want := []int{1, 3, 4, 6, 7, 9, 10, 12}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := numbers.Next(); n != 13 {
		t.Errorf("the next is %d", n)
	}
}

// TestUnknown names what was found in a file that is no recording.
func TestUnknown(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "neither HAR, JSON lines, pcap, pcapng nor strace: empty",
		"h":                        `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "h"`,
		" \n":                      `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with " \n"`,
		"once upon a time, long":   `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "once upon a time"`,
		"\x1f\x8b":                 "gzip: unexpected EOF",
		"\x78\x9c":                 "unexpected EOF",
		"\x78\xbb\x00\x00\x00\x00": "zlib: zlib: invalid dictionary",
		"\x88\x1c\x00\x00\x00\x00": "zlib: zlib: invalid header",
		"\x78":                     `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "x"`,
		"\x28\xb5\x2f":             `neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "(\xb5/"`,
		"\x1f\x8b\x08\x00\x00\x00": "gzip: unexpected EOF",
		"\x1f\x8b\x00\x00\x00\x00\x00\x00\x00\x00": "gzip: gzip: invalid header",
	} {
		name := write(t, []byte(text))
		_, err := Open(t.Context(), name, nil, Options{})
		if err == nil || err.Error() != name+": "+want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
		if errors.Is(err, ErrFormat) != strings.HasPrefix(want, "neither") {
			t.Errorf("%q: what kind of error is %v", text, err)
		}
	}
	dir := t.TempDir()
	if _, err := Open(t.Context(), dir, nil, Options{}); err == nil || err.Error() != dir+": it is a folder: name the files in it, as "+filepath.Join(dir, "*") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(t.Context(), "/no/such/file", nil, Options{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "/no/such/file") {
		t.Errorf("no file: %v", err)
	}
}

// TestJSON tells lines from HAR by what they have, in whatever order.
func TestJSON(t *testing.T) {
	for text, want := range map[string]Format{
		`{"event":"open"}`: JSONLines,
		`{"client":{"log":[1]},"conn":1,"event":"open"}`: JSONLines,
		`{ "a": {"event":1}, "log": {}}`:                 HAR,
		`{"a":1}`:                                        HAR,
		`{"a":1`:                                         HAR,
		`{`:                                              HAR,
		`[{"request":{}}]`:                               HAR,
		"// by hand\n{}":                                 HAR,
		"/**/{}":                                         HAR,
		strings.Repeat(" \n", maxLook) + `{"event":"open"}`:           JSONLines,
		strings.Repeat("\t", 2*maxLook) + `{"log":{}}`:                HAR,
		"\x1e" + `{"event":"open"}`:                                   JSONLines,
		`{"a":"` + strings.Repeat("x", maxLook) + `","event":"open"}`: HAR,
	} {
		r, err := Open(t.Context(), write(t, []byte(text)), nil, Options{})
		if err != nil || r.Format() != want {
			t.Errorf("%.50s: %v, %v", text, r, err)
			continue
		}
		r.Close()
	}
}

// TestPipe reads from a pipe that is still being written: what has come is told,
// whatever the format and the packing.
func TestPipe(t *testing.T) {
	for format, file := range files(t, 1, 2) {
		half := len(file) - 1 // the last connection ends with the last byte
		switch format {
		case "HAR": // of which an entry is told when it is complete
			half = bytes.LastIndex(file, []byte("},\n")) + 2
		case "JSON lines":
			half = bytes.Index(file, []byte("\n")) + 1
		}
		for _, packing := range []string{"plain", "gzip", "zstd"} {
			in, out, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			w := packers[packing](out)
			go func() {
				for i := range half { // byte by byte, as slow as can be
					w.Write(file[i : i+1])
				}
				if f, ok := w.(interface{ Flush() error }); ok {
					f.Flush()
				}
			}()
			ctx, cancel := context.WithCancel(t.Context())
			r, err := Open(ctx, "-", in, Options{})
			if err != nil {
				t.Fatalf("%s, %s: %v", format, packing, err)
			}
			told := make(chan int, 10)
			done := make(chan error)
			go func() {
				_, err := r.Read(ctx, func(c *wire.Conn) wire.Tap { told <- c.ID; return wire.Taps{} },
					func(ev wire.Event) { told <- ev.EventMeta().Conn.ID })
				done <- err
			}()
			select {
			case id := <-told:
				if id != 1 {
					t.Errorf("%s, %s: connection %d is first", format, packing, id)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s, %s: nothing is told", format, packing)
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("%s, %s: stopped with %v", format, packing, err)
			}
			r.Close()
			out.Close()
			in.Close()
		}
	}
}

// TestStopped does not wait for the first bytes for longer than it is to.
func TestStopped(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, "-", in, Options{}); !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "standard input: ") {
		t.Errorf("stopped with %v", err)
	}
}

// TestWatch shows the bytes of a file to who watches, as they are in the file.
func TestWatch(t *testing.T) {
	file := files(t, 1)["HAR"]
	name := write(t, file)
	var seen bytes.Buffer
	r, err := Open(t.Context(), name, nil, Options{Watch: func(in io.Reader, info fs.FileInfo) io.Reader {
		if info.Size() != int64(len(file)) {
			t.Errorf("%d bytes", info.Size())
		}
		return io.TeeReader(in, &seen)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(r); err != nil || !bytes.Equal(seen.Bytes(), file) {
		t.Errorf("%v, %d bytes seen", err, seen.Len())
	}
}

// TestTorn gives what there is of a file that ends too early, and says so.
func TestTorn(t *testing.T) {
	want := map[string]string{"HAR": "the file is cut short", "JSON lines": "the file is cut short in line ", "capture": "ends within a packet"}
	for format, file := range files(t, 1, 2) {
		for _, packing := range []string{"plain", "gzip"} {
			var b bytes.Buffer
			w := packers[packing](&b)
			w.Write(file[:len(file)-5])
			if packing == "plain" {
				w.Close()
			} else {
				w.(*gzip.Writer).Flush() // and no more
			}
			r, err := Open(t.Context(), write(t, b.Bytes()), nil, Options{})
			if err != nil {
				t.Fatal(err)
			}
			ids, s, err := read(r)
			if said := fmt.Sprint(s.Repairs, err); !strings.Contains(said, want[format]) && packing == "plain" || len(ids) == 0 {
				t.Errorf("%s, %s: %v, %s", format, packing, ids, said)
			}
		}
	}
}

// TestClosed closes files that were opened, however they are read, and no others.
func TestClosed(t *testing.T) {
	name := write(t, []byte("text"))
	in, err := openInput(t.Context(), name, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := in.Reader.(*os.File)
	for range 2 {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the file: %v", err)
	}
	stdin, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if in, err = openInput(t.Context(), "-", stdin, nil); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if b, err := io.ReadAll(stdin); string(b) != "text" {
		t.Errorf("standard input: %q, %v", b, err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if in, err = openInput(t.Context(), "-", r, func(in io.Reader, info fs.FileInfo) io.Reader {
		if info.Mode().IsRegular() {
			t.Errorf("it is seen as %v", info.Mode())
		}
		return in
	}); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if _, err := in.Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Errorf("a pipe: %v", err)
	}
}

// pieces gives one piece with each read, and counts them.
type pieces struct {
	all   []string
	reads int
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.reads++; p.reads > len(p.all) {
		return 0, io.EOF
	}
	return copy(b, p.all[p.reads-1]), nil
}

// TestTakes takes no more of a pipe than it must, to know what is in it.
func TestTakes(t *testing.T) {
	for begin, want := range map[string]int{"a": 1, "\t": 1, "\x1b": 1, "{": 2, "[": 2, "/": 2, "\x18": 4, "x": 4, "\x1f": 4, "(": 4, "\ufeff": 1, "\xef": 3,
		"{\x00": 1, "\x00{": 1, "\xff\xfe": 1, "\xfe\xff": 1, "\x00": 2, "\xfe": 2, "\xff": 2} {
		p := &pieces{all: []string{begin, "a", "b", "c", "d", "e"}}
		if _, _, err := unpack(p, false); err != nil || p.reads != want {
			t.Errorf("%q: %v, %d reads, want %d", begin, err, p.reads, want)
		}
	}
}

// TestUTF16Waits does not wait for the rest of a character when others have come.
func TestUTF16Waits(t *testing.T) {
	for _, c := range []struct {
		come, want string
	}{
		{"a\x00", "a"}, {"a\x00b", "a"}, {"a\x00b\x00", "a"}, {"a\x00\x3d\xd8\x00", "a"}, {"a\x00\x3d\xd8\x00\xde", "a\U0001f600"}, {"a\x00b\x00c\x00", "abc"[:2]},
	} {
		p := &pieces{all: []string{c.come, "x"}}
		r := &utf16Reader{in: bufio.NewReader(p), order: binary.LittleEndian}
		b := make([]byte, 100)
		if n, err := r.Read(b); string(b[:n]) != c.want || err != nil || p.reads != 1 {
			t.Errorf("%q: %q, %v, %d reads", c.come, b[:n], err, p.reads)
		}
	}
}

// byBytes gives what text has byte by byte, and then bytes that nobody needs.
func byBytes(text string) *pieces {
	p := new(pieces)
	for i := range len(text) {
		p.all = append(p.all, text[i:i+1])
	}
	p.all = append(p.all, "x", "x", "x", "x")
	return p
}

// TestLooks knows the format at the first byte that tells: of a pipe no more is
// waited for.
func TestLooks(t *testing.T) {
	some := strings.Repeat(" ", 70)
	for text, want := range map[string]Format{
		"\x0a\x0d\x0d\x0a":                      Capture,
		"\xd4\xc3\xb2\xa1":                      Capture,
		"{}":                                    HAR,
		" \t\r\n\x1e{}":                         HAR,
		`{"log"`:                                HAR,
		`{"event"`:                              JSONLines,
		`{"a":1,"b":[{"log":1}],"event"`:        JSONLines,
		`{"a":{"event":1},"log"`:                HAR,
		`{"a":1}`:                               HAR,
		"//":                                    HAR,
		"/*":                                    HAR,
		"\n/*":                                  HAR,
		"[" + some[:63]:                         HAR,
		" \n[" + some[:63]:                      HAR,
		`[{"request"` + some[:53]:               HAR,
		strings.Repeat(" ", 4096) + "{}":        HAR,
		strings.Repeat("\n", 4095) + "//":       HAR,
		strings.Repeat("\t", 4093) + `{"event"`: JSONLines,
		strings.Repeat("\r", 9000) + `[{"request"` + some[:53]: HAR,
		`{"a":"` + strings.Repeat("x", 4096-6-8) + `","event`:  HAR,       // not seen as a whole
		`{"a":"` + strings.Repeat("x", 4096-6-9) + `","event"`: JSONLines, // just so
	} {
		p := byBytes(text)
		if f, err := formatOf(bufio.NewReaderSize(p, bufferSize), "x"); f != want || err != nil || p.reads != len(text) {
			t.Errorf("%.40q: %v, %v after %d bytes, want %v after %d", text, f, err, p.reads, want, len(text))
		}
	}
	const nothing = "neither HAR, JSON lines, pcap, pcapng nor strace: it begins with "
	for text, want := range map[string]string{
		"once":                            `"once"`,
		"/x/*":                            `"/x/*"`,
		" /x/":                            `" /x/"`,
		"  \n\r\t  a":                     `"  \n\r\t  a"`,
		strings.Repeat(" ", 4096) + "abc": `"abcx"`,
		strings.Repeat(" ", 4095) + "abc": `"abcx"`,
	} {
		p := byBytes(text)
		_, err := formatOf(bufio.NewReaderSize(p, bufferSize), "x")
		if err == nil || err.Error() != nothing+want {
			t.Errorf("%.40q: %v after %d bytes", text, err, p.reads)
		}
	}
}

// TestNotOpened leaves no file open that cannot be read.
func TestNotOpened(t *testing.T) {
	for _, text := range []string{"", "text", "\x1f\x8b", "\x28\xb5\x2f\xfd", string(zipped([]byte("text")))} {
		var f *os.File
		_, err := Open(t.Context(), write(t, []byte(text)), nil, Options{Watch: func(in io.Reader, _ fs.FileInfo) io.Reader {
			f = in.(*os.File)
			return in
		}})
		if err == nil {
			t.Fatalf("%q: no error", text)
		}
		if _, err := f.Stat(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%q: the file: %v", text, err)
		}
	}
}

// TestWindow grants a file in zstd 128 MiB, and no more.
func TestWindow(t *testing.T) {
	const text = `{"event":"open"}`                                                                 // 16 bytes, in a block that is the last
	for descriptor, want := range map[byte]string{17 << 3: "", 17<<3 | 1: "window size exceeded"} { // RFC 8878, section 3.1.1.1.2
		b := append([]byte("\x28\xb5\x2f\xfd\x00"), descriptor, 1|16<<3, 0, 0)
		r, err := Open(t.Context(), write(t, append(b, text...)), nil, Options{})
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%#x: %v, want %s", descriptor, err, want)
			}
			continue
		}
		if err != nil || r.Format() != JSONLines {
			t.Fatalf("%#x: %v", descriptor, err)
		}
		r.Close()
	}
}

// TestUntil reads nothing behind the end of a context.
func TestUntil(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	u := until{ctx, strings.NewReader("text")}
	b := make([]byte, 2)
	if n, err := u.Read(b); n != 2 || string(b) != "te" || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	cancel()
	if n, err := u.Read(b); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("behind the end: %d bytes, %v", n, err)
	}
}

// TestUTF16Order knows the order of bytes by each beginning that a text may have.
func TestUTF16Order(t *testing.T) {
	for first := range 1 << 16 {
		var want binary.ByteOrder
		switch {
		case strings.ContainsRune("\ufeff{[/", rune(first)):
			want = binary.LittleEndian
		case strings.ContainsRune("\ufeff{[/", rune(first>>8|first&0xff<<8)):
			want = binary.BigEndian
		}
		if got := utf16Order([]byte{byte(first), byte(first >> 8)}); got != want {
			t.Errorf("%#04x: %v, want %v", first, got, want)
		}
	}
	if utf16Order([]byte{'{'}) != nil || utf16Order(nil) != nil {
		t.Error("one byte tells")
	}
}
