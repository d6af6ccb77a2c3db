package window

import (
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// at returns the time n milliseconds after the start.
func at(n int) time.Time { return start.Add(time.Duration(n) * time.Millisecond) }

// push gives w a read, whose memory is used again afterwards.
func push(w *Window, n int, s string) {
	b := []byte(s)
	w.Push(at(n), b)
	w.Keep()
	copy(b, strings.Repeat("!", len(b)))
}

func TestKeeps(t *testing.T) {
	var w Window
	push(&w, 1, "abc")
	push(&w, 2, "def")
	if got := string(w.Take(2)); got != "ab" || w.Off() != 2 || w.Next() != 6 || w.Len() != 4 {
		t.Errorf("took %q, at %d of %d", got, w.Off(), w.Next())
	}
	push(&w, 3, strings.Repeat("x", 2*maxOwn))
	if got := string(w.Bytes()[:5]); got != "cdefx" {
		t.Errorf("holds %q", got)
	}
	w.Take(w.Len())
	w.Keep()
	if w.own != nil || w.Bytes() != nil {
		t.Errorf("%d bytes of storage are kept for nothing", cap(w.own))
	}
	push(&w, 4, "small")
	w.Take(5)
	w.Keep()
	if cap(w.own) == 0 {
		t.Error("small storage is not used again")
	}
}

func TestBorrows(t *testing.T) {
	var w Window
	b := []byte("abc")
	w.Push(at(1), b)
	if &w.Bytes()[0] != &b[0] {
		t.Error("a read that is looked at is copied")
	}
	w.Keep()
	if &w.Bytes()[0] == &b[0] {
		t.Error("the memory of a read is kept")
	}
}

// TestHeadAndLine has every cut of some bytes, and looks for line ends and heads.
func TestHeadAndLine(t *testing.T) {
	for _, tt := range []struct {
		bytes      string
		line, head int
	}{
		{"a\r\n\r\nb", 3, 5},
		{"a\n\nb", 2, 3},
		{"a\r\n\nb", 3, 4},
		{"a\n\r\nb", 2, 4},
		{"a\n\rb\n\r\n", 2, 7},
		{"a\r\nb: c\r\n\r\n", 3, 11},
		{"a\r\nb", 3, 0},
		{"a\r\n\r", 3, 0},
		{"a\r\n", 3, 0},
		{"a", 0, 0},
		{"", 0, 0},
		{"\n\n", 1, 2},
		{"\r\n\r\n", 2, 4},
	} {
		for cut := range len(tt.bytes) + 1 {
			var line, head Window
			for n, part := range []string{tt.bytes[:cut], tt.bytes[cut:]} {
				push(&line, n, part)
				push(&head, n, part)
				if n == 0 {
					line.Line()
					head.Head()
				}
			}
			if got := line.Line(); got != tt.line {
				t.Errorf("%q, cut at %d: a line of %d bytes, want %d", tt.bytes, cut, got, tt.line)
			}
			if got := head.Head(); got != tt.head {
				t.Errorf("%q, cut at %d: a head of %d bytes, want %d", tt.bytes, cut, got, tt.head)
			}
		}
	}
}

func TestSearched(t *testing.T) {
	var w Window
	push(&w, 1, "abcd")
	if w.Line(); w.Searched() != 4 {
		t.Errorf("%d bytes were looked at for a line", w.Searched())
	}
	if w.Rewind(); w.Searched() != 0 {
		t.Error("what was looked at is not forgotten")
	}
	if w.Head(); w.Searched() != 2 {
		t.Errorf("%d bytes were looked at for a head", w.Searched())
	}
	if w.Take(1); w.Searched() != 0 {
		t.Error("what was looked at is not forgotten when bytes are taken")
	}
	w.Line()
	w.Take(3)
	if w.Skip(7); w.Searched() != 0 || w.Off() != 11 {
		t.Errorf("behind a gap %d bytes were looked at, at %d", w.Searched(), w.Off())
	}
}

func TestTimes(t *testing.T) {
	var w Window
	w.Note(at(0))
	if w.TimeAt(0) != at(0) || w.Last() != at(0) {
		t.Error("before the first byte it is the time that was noted")
	}
	push(&w, 1, "abc")
	push(&w, 2, "def")
	push(&w, 3, "g")
	for off, want := range []int{1, 1, 1, 2, 2, 2, 3, 3} {
		if got := w.TimeAt(int64(off)); got != at(want) {
			t.Errorf("byte %d was seen at %v", off, got.Sub(start))
		}
	}
	place, b := w.TakeTogether(5)
	if place != (Place{0, at(1)}) || string(b) != "abc" {
		t.Errorf("took %q, seen at %v", b, place)
	}
	if place, b = w.TakeTogether(2); place != (Place{3, at(2)}) || string(b) != "de" {
		t.Errorf("took %q, seen at %v", b, place)
	}
	if place = place.Plus(2); place != (Place{5, at(2)}) {
		t.Errorf("two bytes further is %v", place)
	}
	if w.TimeAt(4) != at(2) || w.TimeAt(0) != at(2) {
		t.Error("the byte before the window has lost its time")
	}
	w.Take(2)
	if w.Note(at(9)); w.Last() != at(9) || w.TimeAt(6) != at(3) {
		t.Error("what is no byte changes the time of bytes")
	}
	w.Skip(5)
	if w.TimeAt(12) != at(9) {
		t.Error("behind a gap there is a time of what was before it")
	}
	if w.Ended() {
		t.Error("ended")
	}
	if w.End(); !w.Ended() {
		t.Error("not ended")
	}
}

// TestManyMarks has more reads than are told apart.
func TestManyMarks(t *testing.T) {
	var w Window
	const n = 3 * maxMarks
	for i := range n {
		push(&w, i, "x")
	}
	if len(w.marks.list) > maxMarks {
		t.Errorf("%d marks", len(w.marks.list))
	}
	if w.TimeAt(0) != at(0) || w.TimeAt(n-1) != at(n-1) {
		t.Error("the first or the last byte has lost its time")
	}
	for off := range n {
		if early := at(off).Sub(w.TimeAt(int64(off))); early < 0 || early >= 32*time.Millisecond {
			t.Fatalf("byte %d is said to be seen %v before it was", off, early)
		}
	}
}

// TestShortened looks for lines and heads from the beginning of what is left.
func TestShortened(t *testing.T) {
	for _, kept := range []string{"\n\r\n", "a\n\n", "\nb\n\n"} {
		var w Window
		push(&w, 1, "GET / HTTP/1.1\r\nX: y")
		if w.Head() != 0 || w.Searched() == 0 {
			t.Errorf("a head of %d bytes, %d are searched", w.Head(), w.Searched())
		}
		w.Shorten([]byte(kept))
		if w.Searched() != 0 || w.Head() != len(kept) {
			t.Errorf("%q: a head of %d bytes", kept, w.Head())
		}
		if w.Rewind(); w.Line() != strings.IndexByte(kept, '\n')+1 {
			t.Errorf("%q: a line of %d bytes", kept, w.Line())
		}
		if w.Gone() != 20-len(kept) || w.Next() != 20 || string(w.Take(1)) != kept[:1] || w.Off() != int64(21-len(kept)) || w.Gone() != 0 || w.Next() != 20 {
			t.Errorf("%q: at %d, next %d, %d are gone", kept, w.Off(), w.Next(), w.Gone())
		}
	}
}
