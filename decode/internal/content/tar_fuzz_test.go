package content

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/wire"
)

// entries is an Out that notes entries.
type entries struct {
	recorder
	all []string
}

func (e *entries) Send(u Unit) {
	if u.Kind == wire.KindEntry {
		e.all = append(e.all, string(u.Data))
	}
}

// FuzzTar lists archives: the same however they are cut, and as archive/tar does, which
// understands less.
func FuzzTar(f *testing.F) {
	long := strings.Repeat("long/", 40) + "x"
	at := time.Unix(1_700_000_000, 5e8)
	for _, format := range []tar.Format{tar.FormatUSTAR, tar.FormatPAX, tar.FormatGNU} {
		h := tar.Header{Name: "f", Mode: 0o644, Typeflag: tar.TypeReg, Format: format, Uid: 7, ModTime: at.Truncate(time.Second)}
		l := tar.Header{Name: "d/l", Linkname: "../f", Typeflag: tar.TypeSymlink, Format: format}
		f.Add(packTar(f, tarball{h, "hi"}, tarball{l, ""}))
		if format != tar.FormatUSTAR {
			h.Name, h.Uid, l.Linkname = long, 1<<30, long
			h.ModTime, h.AccessTime = at, at
			f.Add(packTar(f, tarball{h, "hi"}, tarball{l, ""}))
		}
	}
	b := packTar(f, file("f", "hi"))
	f.Add(edited(edited(edited(b, 257, gnuMagic), 156, "S"), 483, "00000000100\x00"))
	f.Add(append(bytes.Clone(b[:1024]), `{"message":"late"}`...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4<<10 {
			return
		}
		b = summed(b)
		whole := play(newTar(limits, []string{"f"}, NewApart), Ended, string(b))
		for _, pieces := range [][]string{strings.Split(string(b), ""), {string(b[:len(b)/2]), string(b[len(b)/2:])}, {string(b[:len(b)/3]), string(b[len(b)/3:])}} {
			if got := play(newTar(limits, []string{"f"}, NewApart), Ended, pieces...); got != whole {
				t.Fatalf("in %d pieces: %s\nwhole: %s", len(pieces), got, whole)
			}
		}
		want, ok := listed(b)
		if !ok {
			return
		}
		var e entries
		e.now = newTar(limits, nil, NewApart)
		e.now.Write(&e, window.Place{}, b)
		for i := range want {
			if i >= len(e.all) || e.all[i] != want[i] {
				t.Fatalf("got %q, want %q", e.all, want)
			}
		}
		if len(e.all) != len(want) {
			t.Fatalf("got %q, want %q", e.all, want)
		}
	})
}

// summed returns b with the right sum in all that is read as a header.
func summed(b []byte) []byte {
	b = bytes.Clone(b)
	for at := 0; at+tarBlock <= len(b); {
		block := b[at : at+tarBlock]
		if !isZeros(block) && block[0] != '{' {
			copy(block, edited(block, 0, ""))
		}
		size, _ := tarNumber(block[124:136])
		if block[156] >= tarHardLink && block[156] <= tarFIFO || size < 0 || size > int64(len(b)) {
			size = 0
		}
		at += tarBlock + int(size+tarBlock-1)&^(tarBlock-1)
	}
	return b
}

// listed returns the entries that archive/tar reads; false if it does not read all of
// them, or reads them otherwise than it is meant: it tells records for all entries as
// an entry, and knows dialects of its own past.
func listed(b []byte) (all []string, ok bool) {
	r := tar.NewReader(bytes.NewReader(b))
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, true
		}
		if err != nil || h.Typeflag == tar.TypeXGlobalHeader || h.Format == tar.FormatUnknown {
			return nil, false
		}
		for key := range h.PAXRecords {
			if strings.HasPrefix(key, "GNU.sparse.") {
				return nil, false
			}
		}
		all = append(all, entryOf(h))
	}
}

// entryOf returns h as an entry is told.
func entryOf(h *tar.Header) string {
	ours := tarHeader{flag: h.Typeflag, name: []byte(h.Name), link: []byte(h.Linkname), mode: h.Mode, uid: int64(h.Uid), gid: int64(h.Gid),
		size: h.Size, mtime: h.ModTime, sparse: h.Typeflag == tar.TypeGNUSparse}
	if h.ModTime.Unix() == 0 && h.PAXRecords["mtime"] == "" {
		ours.mtime = time.Time{}
	}
	ours.finish()
	return string(appendEntry(nil, &ours))
}

// TestTarAsTar lists the archives that programs for it make.
func TestTarAsTar(t *testing.T) {
	var big []tarball
	for i := range 300 {
		big = append(big, file(fmt.Sprintf("d%d/%sx", i%7, strings.Repeat("é", i)), strings.Repeat("x", i*7)))
	}
	b := packTar(t, big...)
	want, ok := listed(b)
	if !ok || len(want) != len(big) {
		t.Fatalf("%d entries are listed", len(want))
	}
	var e entries
	e.now = newTar(Limits{Message: 1, Account: limits.Account}, nil, NewApart)
	e.now.Write(&e, window.Place{}, b)
	for i := range want {
		if e.all[i] != want[i] || !json.Valid([]byte(want[i])) {
			t.Errorf("got %s, want %s", e.all[i], want[i])
		}
	}
}
