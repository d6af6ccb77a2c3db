package content

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

// lister is what lists archives in the tests of this file.
func lister(l Limits, reads ...string) Content { return NewArchive(l, reads) }

// TestTarTexts: which files are told as text, and how much of them.
func TestTarTexts(t *testing.T) {
	many := Limits{Message: 1 << 20, Account: limits.Account}
	for _, c := range []struct {
		name, file, content string
		limits              Limits
		want                string
	}{
		{"read", "Dockerfile", "FROM x\n", limits, `text 7 Dockerfile "FROM x\n"; `},
		{"named otherwise", "./a//../Dockerfile", "FROM x\n", limits, `text 7 ./a//../Dockerfile "FROM x\n"; `},
		{"in a folder", "a/Dockerfile", "FROM x\n", limits, ""},
		{"with more before it", "aDockerfile", "FROM x\n", limits, ""},
		{"in another folder", "ignored", "x\n", limits, ""},
		{"in the folder", "sub/ignored", "x\n", limits, `text 2 sub/ignored "x\n"; `},
		{"empty", "Dockerfile", "", limits, ""},
		{"one byte", "Dockerfile", "x", limits, `text 1 Dockerfile "x"; `},
		{"binary", "Dockerfile", "a\x00b", limits, ""},
		{"long", "Dockerfile", strings.Repeat("x", maxTarText+1), many, fmt.Sprintf(`text %d Dockerfile %q of %d cut; `, maxTarText+1, strings.Repeat("x", 40), maxTarText)},
		{"not too long", "Dockerfile", strings.Repeat("x", maxTarText), many, fmt.Sprintf(`text %d Dockerfile %q of %d; `, maxTarText, strings.Repeat("x", 40), maxTarText)},
		{"longer than a value", "Dockerfile", "FROM x\n", Limits{Message: 4, Account: limits.Account}, `text 7 Dockerfile "FROM" cut; `},
		{"cut in a character", "Dockerfile", "FROé", Limits{Message: 4, Account: limits.Account}, `text 5 Dockerfile "FRO\xc3" cut; `},
		{"sizes", "Dockerfile", "FROM x\n", Limits{Account: limits.Account}, "text 7 Dockerfile cut; "},
	} {
		b := string(packTar(t, file(c.file, c.content)))
		got := play(lister(c.limits, "Dockerfile", "sub/ignored"), Ended, b)
		if again := play(lister(c.limits, "Dockerfile", "sub/ignored"), Ended, strings.Split(b, "")...); again != got {
			t.Errorf("%s: got %s, byte by byte %s", c.name, got, again)
		}
		_, got, _ = strings.Cut(got, "; ") // what it is
		_, got, _ = strings.Cut(got, "; ") // the entry
		largest := fmt.Sprintf("%q %d", c.file, len(c.content))
		if c.content == "" {
			largest = `"" 0`
		}
		if want := c.want + fmt.Sprintf("1 files, 0 others, %d bytes, largest %s", len(c.content), largest); got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

// TestTarCut: an archive that ends anywhere tells what there was of it, and that it
// ends there, if its framing says so.
func TestTarCut(t *testing.T) {
	b := string(packTar(t, file("first", "12345"), file("Dockerfile", "FROM x\n")))
	const whole = `entry 512 "{\"name\":\"first\",\"type\":\"file\",\"mode\":\"06" of 53`
	for _, c := range []struct {
		n    int
		how  End
		want string
	}{
		{515, Ended, whole + `; 0 bad-archive it ends within an entry: 2 bytes of that are missing; 1 files, 0 others, 3 bytes, largest "first" 3`},
		{515, Cut, whole + `; 1 files, 0 others, 3 bytes, largest "first" 3`},
		{515, Broken, whole + `; 1 files, 0 others, 3 bytes, largest "first" 3`},
		{515, Stopped, whole + `; 1 files, 0 others, 3 bytes, largest "first" 3`},
		{517, Ended, whole + `; 1 files, 0 others, 5 bytes, largest "first" 5`},
		{1024, Ended, whole + `; 1 files, 0 others, 5 bytes, largest "first" 5`},
		{1030, Ended, whole + `; 1024 bad-archive it ends within a header; 1 files, 0 others, 5 bytes, largest "first" 5`},
		{1540, Cut, whole + `; entry 512 "{\"name\":\"Dockerfile\",\"type\":\"file\",\"mode" of 58; text 7 Dockerfile "FROM" cut without 3; 2 files, 0 others, 9 bytes, largest "first" 5`},
		{2560, Ended, whole + `; entry 512 "{\"name\":\"Dockerfile\",\"type\":\"file\",\"mode" of 58; text 7 Dockerfile "FROM x\n"; 2 files, 0 others, 12 bytes, largest "Dockerfile" 7`},
	} {
		for _, pieces := range [][]string{{b[:c.n]}, strings.Split(b[:c.n], ""), {b[:511], b[511:513], b[513:c.n]}} {
			_, got, _ := strings.Cut(play(lister(limits, "Dockerfile"), c.how, pieces...), "; ")
			if got != c.want {
				t.Errorf("%d bytes in %d pieces, %d: got %s, want %s", c.n, len(pieces), c.how, got, c.want)
			}
		}
	}
}

// TestTarSummed: where only the sum is asked for, nothing else is told, but what is
// wrong.
func TestTarSummed(t *testing.T) {
	b := string(packTar(t, file("../first", "12345"), file("Dockerfile", "FROM x\n")))
	l := Limits{Summed: true, Account: limits.Account}
	const want = `found tar ; 0 unsafe-archive an entry is called ../first; 2 files, 0 others, 12 bytes, largest "Dockerfile" 7`
	if got := play(lister(l, "Dockerfile"), Ended, b); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l.Summed = false // but their sizes are
	got := play(lister(l, "Dockerfile"), Ended, b)
	if want := `found tar ; 0 unsafe-archive an entry is called ../first; entry 512 cut; entry 512 cut; text 7 Dockerfile cut; 2 files, 0 others, 12 bytes, largest "Dockerfile" 7`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// paxed returns records, as they stand before the entry of a header.
func paxed(header []byte, records string) string {
	size := fmt.Sprintf("%011o\x00", len(records))
	return string(edited(edited(header, 124, size), 156, "x")) + records + strings.Repeat("\x00", tarBlock-len(records))
}

// TestTarBounds: what an archive may have too much of.
func TestTarBounds(t *testing.T) {
	header := packTar(t, file("x", ""))[:tarBlock]
	octal := func(n int64) string { return fmt.Sprintf("%011o\x00", n) }
	records := func(size int, flag string) string {
		return string(edited(edited(header, 124, octal(int64(size))), 156, flag)) + strings.Repeat("9", (size+tarBlock-1)&^(tarBlock-1))
	}
	const read = "0 bad-archive a record before an entry is malformed; "
	const unread = "0 bad-archive what stands before an entry, its name perhaps, is longer than 1 MiB: it is not read; "
	const bounds = " bad-archive the size of an entry is no number, or out of bounds; "
	for name, c := range map[string]struct{ b, want string }{
		"records":          {records(maxTarRecords, "x"), read},
		"more of them":     {records(maxTarRecords+1, "x"), unread},
		"a long name":      {records(maxTarRecords+1, "L"), unread},
		"a long link":      {records(maxTarRecords+1, "K"), unread},
		"a link":           {records(maxTarName, "K"), ""},
		"negative holes":   {paxed(header, record("GNU.sparse.realsize", "-1")), bounds},
		"a negative size":  {paxed(header, record("size", "-1")+record("GNU.sparse.realsize", "1")), bounds},
		"what all share":   {records(maxTarRecords+1, "g"), unread},
		"a name":           {records(maxTarName, "L"), ""},
		"a name too long":  {records(maxTarName+1, "L"), "0 bad-archive a name is longer than any path can be: it is cut; "},
		"a link too long":  {records(maxTarName+1, "K"), "0 bad-archive a name is longer than any path can be: it is cut; "},
		"the largest size": {string(edited(header, 124, "\x80\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00")), ""},
		"a larger one":     {string(edited(header, 124, "\x80\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x01")), bounds},
	} {
		got := play(newTar(Limits{Summed: true, Account: limits.Account}, nil, NewApart), Cut, c.b+string(header))
		if c.want == "" && strings.Contains(got, "archive") || !strings.Contains(got, strings.TrimSuffix(c.want, "; ")) {
			t.Errorf("%s: got %.300s, want %s", name, got, c.want)
		}
	}
}

// TestManyTarEntries: from some number on they are only counted, which is said once.
func TestManyTarEntries(t *testing.T) {
	r := &counter{}
	c := newTar(limits, nil, NewApart)
	header := packTar(t, file("../x", ""))[:tarBlock]
	for range maxEntries + 10 {
		c.Write(r, window.Place{}, header)
	}
	c.Close(r, Ended)
	if r.entries != maxEntries || r.files.Files != maxEntries+10 || r.codes["many-entries"] != 1 || r.codes["unsafe-archive"] != maxTarNotes {
		t.Errorf("%d entries of %d, %v", r.entries, r.files.Files, r.codes)
	}
}

// counter is an Out that counts.
type counter struct {
	recorder
	entries int
	codes   map[string]int
	files   wire.Files
}

func (c *counter) Send(Unit)             { c.entries++ }
func (c *counter) Carried(f *wire.Files) { c.files = *f }
func (c *counter) Anomaly(_ int64, code, _ string) {
	if c.codes == nil {
		c.codes = map[string]int{}
	}
	c.codes[code]++
}

// spare is how much memory an account has beside what was taken of it, at most.
const spare = 8 << 10

// TestTarSpent: without memory nothing is kept, and all is given back.
func TestTarSpent(t *testing.T) {
	long := file(strings.Repeat("long/", 60)+"x", "")
	b := string(packTar(t, long, file("Dockerfile", strings.Repeat("FROM x\n", 100))))
	m := memory.New(1 << 20)
	a := budget.NewAccount(budget.Of(m))
	for n := range len(b) {
		play(lister(Limits{Message: 1 << 20, Account: a}, "Dockerfile"), Cut, b[:n])
		if m.Left() < 1<<20-spare {
			t.Fatalf("after %d bytes %d are left", n, m.Left())
		}
	}
	got := play(lister(Limits{Message: 1 << 20, Account: budget.NewAccount(budget.Of(memory.New(100)))}, "Dockerfile"), Ended, b)
	if strings.Contains(got, "text") || !strings.Contains(got, "2 files, 0 others, 700 bytes") {
		t.Errorf("without memory: %s", got)
	}
}

// TestPacked: what is compressed is listed, and nothing else happens to it.
func TestPacked(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(packTar(t, file("f", "12345"), file("Dockerfile", "FROM x\n")))
	z.Close()
	packed := b.String()
	const list = `found tar ; entry 512 "{\"name\":\"f\",\"type\":\"file\",\"mode\":\"0644\"," of 49; entry 512 "{\"name\":\"Dockerfile\",\"type\":\"file\",\"mode" of 58; text 7 Dockerfile "FROM x\n"; `
	const want = list + `2 files, 0 others, 12 bytes, largest "Dockerfile" 7`
	for _, pieces := range cuts(packed) {
		r := &recorder{now: lister(limits, "Dockerfile")}
		if got := play(r.now, Ended, pieces...); got != want {
			t.Errorf("in %d pieces: got %s, want %s", len(pieces), got, want)
		}
	}
	const broken = `found tar ; entry 512 "{\"name\":\"x\",\"type\":\"file\",\"mode\":\"0644\"," of 49; 0 bad-coding gzip: `
	if got := play(lister(limits), Ended, zippedPart(t, packTar(t, file("x", "12345")))+strings.Repeat("\xff", 100)); !strings.HasPrefix(got, broken) {
		t.Errorf("broken: got %s, want %s", got, broken)
	}
	m := memory.New(1 << 20)
	a := budget.NewAccount(budget.Of(m))
	for n := range len(packed) {
		play(lister(Limits{Message: 1 << 10, Account: a}, "Dockerfile"), Ended, packed[:n])
		if m.Left() < 1<<20-spare {
			t.Fatalf("after %d bytes %d are left", n, m.Left())
		}
	}
	none := Limits{Message: 1 << 10, Account: budget.NewAccount(budget.Of(memory.New(100)))}
	if got, want := play(lister(none), Ended, packed[:30], packed[30:]), "0 not-decoded gzip: the memory for it is spent"; got != want {
		t.Errorf("without memory: got %s, want %s", got, want)
	}
}

// zippedPart returns what is compressed of b until its end is missing.
func zippedPart(t *testing.T, b []byte) string {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(b)
	if err := z.Flush(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// TestPackedBomb: what is compressed as often as nothing honest is, is not unpacked.
func TestPackedBomb(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	w.WriteHeader(&tar.Header{Name: "zeros", Size: 8 << 20, Typeflag: tar.TypeReg})
	w.Write(make([]byte, 8<<20))
	w.Close()
	z.Close()
	var twice bytes.Buffer
	z = gzip.NewWriter(&twice)
	z.Write(b.Bytes())
	z.Close()
	if got := play(lister(limits), Ended, b.String()); !strings.Contains(got, `1 files, 0 others, 8388608 bytes, largest "zeros" 8388608`) {
		t.Errorf("what is honest: %s", got)
	}
	if got, want := play(lister(limits), Ended, twice.String()), "found binary "; got != want {
		t.Errorf("in two layers: got %s, want %s", got, want)
	}
}

// BenchmarkTar lists an archive of files of 100 kB, of which nobody wants more than the
// sum, or all entries.
func BenchmarkTar(b *testing.B) {
	archive := packTar(b, file("a/file", strings.Repeat("x", 100_000)))[:tarBlock+100_352]
	for name, l := range map[string]Limits{"summed": {Summed: true, Account: limits.Account}, "told": limits} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(archive)))
			b.ReportAllocs()
			c, r := newTar(l, []string{"Dockerfile"}, NewApart), &counter{}
			for b.Loop() {
				for at := 0; at < len(archive); at += 32 << 10 {
					c.Write(r, window.Place{}, archive[at:min(len(archive), at+32<<10)])
				}
			}
		})
	}
}
