package chain

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clock is one that goes on by a second each time it is asked.
func clock() func() time.Time {
	t := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	return func() time.Time { t = t.Add(time.Second); return t }
}

// fill opens a chain and writes n lines.
func fill(t *testing.T, name string, o Options, n int) *Log {
	t.Helper()
	if o.Now == nil {
		o.Now = clock()
	}
	if o.Warn == nil {
		o.Warn = func(err error) { t.Errorf("warning: %v", err) }
	}
	l, err := Open(name, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := l.Put([]byte(fmt.Sprintf(`"event":"call","n":%d`, i)), nil); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// verify checks files by their names.
func verify(t *testing.T, known string, names ...string) *Report {
	t.Helper()
	return verifyAll(t, Want{Head: known}, names)
}

// verifyPart is verify for files that are not all.
func verifyPart(t *testing.T, names ...string) *Report {
	t.Helper()
	return verifyAll(t, Want{Part: true}, names)
}

func verifyAll(t *testing.T, want Want, names []string) *Report {
	t.Helper()
	var files []File
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{filepath.Base(name), bytes.NewReader(b)})
	}
	r, err := Verify(files, want)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// checkText verifies one text.
func checkText(t *testing.T, text []byte) *Report {
	t.Helper()
	r, err := Verify([]File{{"a", bytes.NewReader(text)}}, Want{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func whole(t *testing.T, r *Report, lines int64) {
	t.Helper()
	if !r.Whole() || r.Lines != lines {
		t.Errorf("%d lines, want %d; %v", r.Lines, lines, r.Faults)
	}
}

// written returns a chain of a few lines with a stop behind them.
func written(t *testing.T, n int) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a")
	l := fill(t, name, Options{}, n)
	if err := l.Put([]byte(`"event":"stop"`), nil); err != nil {
		t.Fatal(err)
	}
	l.Close()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLines: a line is JSON, and its hash what the documentation says.
func TestLines(t *testing.T) {
	prev := Zero
	for i, line := range strings.Split(strings.TrimSpace(string(written(t, 3))), "\n") {
		var of struct {
			Seq        int
			Prev, Hash string
		}
		if err := json.Unmarshal([]byte(line), &of); err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(line, `,"hash":"`)
		sum := sha256.Sum256([]byte(before))
		if of.Seq != i+1 || of.Prev != prev || of.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("line %d: %s", i+1, line)
		}
		prev = of.Hash
	}
}

// TestEveryByte changes each byte of a chain in turn: that is found.
func TestEveryByte(t *testing.T) {
	text := written(t, 4)
	whole(t, checkText(t, text), 6)
	for i := range text {
		for _, c := range []byte{text[i] ^ 1, text[i] ^ 0x20, '\n', '"', 0, ' '} {
			if c == text[i] {
				continue
			}
			changed := bytes.Clone(text)
			changed[i] = c
			if r := checkText(t, changed); r.Whole() {
				t.Fatalf("byte %d changed from %q to %q: not found\n%s", i, text[i], c, changed)
			}
		}
		if r := checkText(t, append(bytes.Clone(text[:i]), text[i+1:]...)); r.Whole() {
			t.Fatalf("byte %d taken out: not found", i)
		}
		if r := checkText(t, append(append(bytes.Clone(text[:i]), 'x'), text[i:]...)); r.Whole() {
			t.Fatalf("a byte put in at %d: not found", i)
		}
	}
}

// TestEveryLine cuts, moves and doubles each line: that is found. Of the last one only a
// hash that was kept, and that there is no stop, tell that it is not there.
func TestEveryLine(t *testing.T) {
	text := written(t, 5)
	lines := bytes.SplitAfter(text, []byte{'\n'})
	lines = lines[:len(lines)-1]
	head := checkText(t, text).Head
	build := func(order []int) []byte {
		var b []byte
		for _, i := range order {
			b = append(b, lines[i]...)
		}
		return b
	}
	all := make([]int, len(lines))
	for i := range all {
		all[i] = i
	}
	for i := range lines {
		cut := append(append([]int(nil), all[:i]...), all[i+1:]...)
		r := checkText(t, build(cut))
		if i < len(lines)-1 && r.Whole() {
			t.Errorf("line %d cut: not found", i+1)
		}
		if i == len(lines)-1 {
			if r.Stopped || !r.Whole() {
				t.Errorf("the last line cut: stopped %v, %v", r.Stopped, r.Faults)
			}
			if r, _ := Verify([]File{{"a", bytes.NewReader(build(cut))}}, Want{Head: head}); r.Whole() {
				t.Error("the last line cut: not found by the head")
			}
		}
		for j := range len(lines) + 1 {
			doubled := append(append(append([]int(nil), all[:j]...), i), all[j:]...)
			if checkText(t, build(doubled)).Whole() {
				t.Errorf("line %d doubled at %d: not found", i+1, j)
			}
		}
		for j := range cut {
			moved := append(append(append([]int(nil), cut[:j]...), i), cut[j:]...)
			if j != i && checkText(t, build(moved)).Whole() {
				t.Errorf("line %d moved to %d: not found", i+1, j)
			}
		}
	}
	if r, err := Verify([]File{{"a", bytes.NewReader(text)}}, Want{Head: head}); err != nil || !r.Whole() || !r.Stopped || r.Head != head {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestSays: the report says where, and not more than that.
func TestSays(t *testing.T) {
	lines := strings.SplitAfter(string(written(t, 5)), "\n")
	join := func(l ...string) []byte { return []byte(strings.Join(l, "")) }
	for _, c := range []struct {
		text []byte
		want string
	}{
		{join(lines[0], lines[1], strings.Replace(lines[2], "call", "cell", 1), lines[3], lines[4], lines[5], lines[6]), "a:3: the line was changed"},
		{join(lines[0], lines[3], lines[4], lines[5], lines[6]), "a:2: lines 2 to 3 are missing before it"},
		{join(lines[0], lines[1], lines[2], lines[1], lines[3], lines[4], lines[5], lines[6]), "a:4: line 2 does not belong here: it was moved, doubled or put in"},
		{join(lines[2:]...), "a:1: the beginning of the file was cut off: its first line has number 3"},
		{join(lines[0], "{}\n", lines[1], lines[2], lines[3], lines[4], lines[5], lines[6]), "a:2: it is no line of the audit: it was changed or put in"},
		{join(lines[0], lines[1], lines[2][:20]), "a:3: the last line is torn: the writer was killed, or it was cut; the next start says so in the file"},
		{nil, "a: there is no line of an audit"},
	} {
		r := checkText(t, c.text)
		if len(r.Faults) != 1 || r.Faults[0].String() != c.want {
			t.Errorf("%v, want %q", r.Faults, c.want)
		}
	}
}

// TestGoesOn: a chain goes on when its file is opened again, whatever stands at the end of it,
// and nothing of that is deleted.
func TestGoesOn(t *testing.T) {
	text := written(t, 3)
	name := filepath.Join(t.TempDir(), "a")
	for cut := range len(text) + 1 {
		if err := os.WriteFile(name, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		fill(t, name, Options{}, 2).Close()
		b, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(b, text[:cut]) {
			t.Fatalf("cut at %d: %v; what was there is not any more:\n%s", cut, err, b)
		}
		r := checkText(t, b)
		if !r.Whole() || r.Mended > 1 {
			t.Fatalf("cut at %d: %v\n%s", cut, r.Faults, b)
		}
		fill(t, name, Options{}, 1).Close()
		if r := verify(t, "", name); !r.Whole() {
			t.Fatalf("cut at %d, opened again: %v", cut, r.Faults)
		}
	}
}

// TestTornTwice kills the line that mends, too.
func TestTornTwice(t *testing.T) {
	text := written(t, 2)
	name := filepath.Join(t.TempDir(), "a")
	begun := text[:len(text)-30]
	if err := os.WriteFile(name, begun, 0o600); err != nil {
		t.Fatal(err)
	}
	fill(t, name, Options{}, 1).Close()
	mended, _ := os.ReadFile(name)
	for cut := len(begun); cut < len(mended); cut++ {
		if err := os.WriteFile(name, mended[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		fill(t, name, Options{}, 1).Close()
		if r := verify(t, "", name); !r.Whole() {
			t.Fatalf("cut at %d: %v", cut, r.Faults)
		}
	}
}

// TestChangedIsNotTorn: what was changed or put in while nobody wrote does not become something
// that was torn.
func TestChangedIsNotTorn(t *testing.T) {
	text := written(t, 3)
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	before := bytes.LastIndexByte(text[:last-1], '\n') + 1
	changed := bytes.Replace(text, []byte("stop"), []byte("stap"), 1)
	unsealed := bytes.Clone(text)
	copy(unsealed[bytes.LastIndex(text, []byte(`"hash"`)):], `"hush"`)
	twice := bytes.Clone(unsealed)
	copy(twice[bytes.LastIndex(text[:last], []byte(`"hash"`)):], `"hush"`)
	with := func(more string) []byte { return append(bytes.Clone(text), more...) }
	for what, b := range map[string][]byte{
		"changed": changed, "changed, without its end": changed[:len(changed)-1], "without a seal": unsealed, "two without a seal": twice,
		"two without a seal, half": twice[:len(twice)-20], "two halves": append(bytes.Clone(text[:last-20]), text[last-1:len(text)-20]...),
		"garbage": with("a\nb\nc\n"), "garbage without an end": with("x"), "an empty line": with("\n"), "blanks": with("   \n"),
		"a line of another number": append(bytes.Clone(text), text[before:before+30]...),
	} {
		name := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		warned := false
		fill(t, name, Options{Warn: func(error) { warned = true }}, 1).Close()
		if r := verify(t, "", name); r.Whole() || !warned {
			t.Errorf("%s: warned %v, %v", what, warned, r.Faults)
		}
	}
}

// TestRotates: files are changed by size and by time, kept as long as they are to be, and one
// chain goes over all, also when a kill falls between two.
func TestRotates(t *testing.T) {
	for what, o := range map[string]Options{"size": {MaxSize: 2000}, "age": {MaxAge: 6 * time.Second}, "keep": {MaxSize: 2000, Keep: 2}} {
		name := filepath.Join(t.TempDir(), "a")
		o.Now = clock()
		fill(t, name, o, 50).Close()
		files := append(Older(name), name)
		if what == "keep" && len(files) != 3 || what != "keep" && len(files) < 5 {
			t.Errorf("%s: %d files", what, len(files))
		}
		for i, f := range files {
			info, err := os.Stat(f)
			if err != nil || info.Mode().Perm() != 0o600 || what != "age" && info.Size() > 2000 {
				t.Errorf("%s: %s: %v, %v", what, f, info, err)
			}
			if i > 0 {
				files[0], files[i] = files[i], files[0] // any order is as good
			}
		}
		r := verify(t, "", files...)
		if !r.Whole() || what == "keep" && r.First == 1 {
			t.Errorf("%s: %v, first %d", what, r.Faults, r.First)
		}
		if len(files) > 2 && what != "keep" {
			if r := verify(t, "", append(Older(name)[:2], name)...); r.Whole() {
				t.Errorf("%s: files are missing, not found", what)
			}
		}
		if r := verify(t, "", append(Older(name)[1:], name)...); r.Whole() {
			t.Errorf("%s: the oldest file is missing, not found", what)
		}
		if r := verifyPart(t, append(Older(name)[1:], name)...); !r.Whole() {
			t.Errorf("%s: a part: %v", what, r.Faults)
		}
		if err := os.Rename(name, name+".20990101T000000.000000000Z"); err != nil {
			t.Fatal(err)
		}
		fill(t, name, Options{Now: o.Now}, 2).Close()
		if r := verify(t, "", append(Older(name), name)...); !r.Whole() {
			t.Errorf("%s: killed between two: %v", what, r.Faults)
		}
	}
}

// TestRefuses: what is no chain stays as it is, and so does one that is written already.
func TestRefuses(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	for _, text := range []string{"hello\n", "{}\n", "hello", "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(name, Options{}); !errors.Is(err, errNone) {
			t.Errorf("%q: %v", text, err)
		}
		if b, _ := os.ReadFile(name); string(b) != text {
			t.Errorf("%q became %q", text, b)
		}
	}
	os.Remove(name)
	l := fill(t, name, Options{}, 1)
	defer l.Close()
	if _, err := Open(name, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("%v", err)
	}
}

// moody fails as it is told.
type moody struct {
	bytes.Buffer
	room int // bytes that it takes; -1: any
}

func (m *moody) Write(b []byte) (int, error) {
	if m.room < 0 || len(b) <= m.room {
		if m.room >= 0 {
			m.room -= len(b)
		}
		return m.Buffer.Write(b)
	}
	n, _ := m.Buffer.Write(b[:m.room])
	m.room = 0
	return n, errors.New("no space left")
}

// TestFull: an output that is full for a while has a whole chain in the end, which says how
// many lines are missing.
func TestFull(t *testing.T) {
	for room := range 900 {
		out := &moody{room: room}
		l := NewStream(out, Options{Now: clock()})
		put, failed := 0, 0
		for i := range 6 {
			if i == 4 {
				out.room = -1
			}
			if err := l.Put([]byte(`"event":"call"`), nil); err != nil {
				failed++
			} else {
				put++
			}
		}
		r := checkText(t, out.Bytes())
		if !r.Whole() || put < 2 || int64(failed) != r.Missing || l.Lost() != r.Missing {
			t.Fatalf("room %d: %d put, %d failed, %d missing, %v\n%s", room, put, failed, r.Missing, r.Faults, out)
		}
	}
}

// FuzzVerify: whatever files are, verifying them ends, and a chain that is whole is one that
// can be gone on with.
func FuzzVerify(f *testing.F) {
	var out bytes.Buffer
	l := NewStream(&out, Options{Now: clock()})
	for range 3 {
		l.Put([]byte(`"event":"call"`), nil)
	}
	text := out.Bytes()
	f.Add(text)
	for range 20 {
		i := rand.IntN(len(text))
		f.Add(text[i:])
		f.Add(text[:i])
		f.Add(append(bytes.Clone(text[:i]), text[rand.IntN(len(text)):]...))
	}
	name := filepath.Join(f.TempDir(), "a")
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Verify([]File{{"a", bytes.NewReader(text)}, {"b", bytes.NewReader(text)}}, Want{})
		if err != nil || len(text) > 0 && r.Whole() {
			t.Fatalf("doubled, not found: %v, %v", r, err)
		}
		was := checkText(t, text)
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := Open(name, Options{})
		if err != nil {
			return
		}
		err = l.Put([]byte(`"event":"call"`), nil)
		l.Close()
		if r := verify(t, "", name); err != nil || was.Whole() && !r.Whole() {
			t.Fatalf("%v, %v", r.Faults, err)
		}
	})
}

// TestOldestRemoved: that the oldest file was taken away is found, also when it was while the
// chain is written, or before it goes on.
func TestOldestRemoved(t *testing.T) {
	for _, o := range []Options{{MaxSize: 2000}, {MaxSize: 2000, Keep: 4}} {
		name := filepath.Join(t.TempDir(), "a")
		o.Now = clock()
		l := fill(t, name, o, 60)
		if r := verify(t, "", append(Older(name), name)...); !r.Whole() || o.Keep > 0 && r.First == 1 {
			t.Fatalf("%v, first %d", r.Faults, r.First)
		}
		os.Remove(Older(name)[0])
		for i := range 12 { // another file begins
			if i == 6 {
				l.Close()
				l = fill(t, name, o, 0)
			}
			if err := l.Put([]byte(`"event":"call"`), nil); err != nil {
				t.Fatal(err)
			}
		}
		l.Close()
		if r := verify(t, "", append(Older(name), name)...); r.Whole() {
			t.Errorf("keep %d: not found", o.Keep)
		}
	}
}

// TestFollows: a file that is moved or removed while it is written is followed by another; if
// that cannot be, lines are not written, which is said.
func TestFollows(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(dir, 0o700))
	name := filepath.Join(dir, "a")
	var warned []string
	l := fill(t, name, Options{Warn: func(err error) { warned = append(warned, err.Error()) }}, 3)
	defer l.Close()
	put := func() error { return l.Put([]byte(`"event":"call"`), nil) }
	must(os.Rename(name, name+".1"))
	must(put())
	must(put())
	if len(warned) != 1 || !strings.Contains(warned[0], "moved or removed") {
		t.Errorf("moved: %q", warned)
	}
	whole(t, verify(t, "", name, name+".1"), 7)
	if r := verify(t, "", name); r.Whole() {
		t.Error("without what was moved: not found")
	}
	must(os.Rename(name, name+".2"))
	must(os.WriteFile(name, nil, 0o600)) // as logrotate does
	must(put())
	whole(t, verify(t, "", name, name+".1", name+".2"), 9)
	must(os.Rename(dir, dir+"2"))
	if err := put(); err == nil || !strings.Contains(err.Error(), "moved or removed") {
		t.Errorf("the folder is gone: %v", err)
	}
	must(os.Mkdir(dir, 0o700))
	must(os.WriteFile(name, []byte("other"), 0o600))
	if err := put(); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("another file: %v", err)
	}
	must(os.Remove(name))
	must(put())
	if r := verify(t, "", name, filepath.Join(dir+"2", "a"), filepath.Join(dir+"2", "a.1"), filepath.Join(dir+"2", "a.2")); !r.Whole() || r.Missing != 2 {
		t.Errorf("back: %v, %d missing", r.Faults, r.Missing)
	}
	if len(warned) != 3 {
		t.Errorf("%q", warned)
	}
}
