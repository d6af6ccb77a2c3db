package chain

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// File is one to be verified.
type File struct {
	Name string
	R    io.ReadSeeker
}

// Fault is where a chain is not whole.
type Fault struct {
	File string
	Line int // from 1; 0: of all of the file
	Says string
}

// String returns the fault as compilers tell theirs.
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Says
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Says)
}

// Report is what was found.
type Report struct {
	Files    []string // in their order
	Lines    int64    // of the chain
	First    int64    // the number of the first: over 1 if files before it are not there
	From, To time.Time
	Head     string // the hash of the last line; empty if there is none
	Stopped  bool   // the last line says that the writer stopped
	Missing  int64  // lines that the writer could not write, as it says
	Mended   int    // lines that were torn when the writer was killed
	Faults   []Fault
	More     int // faults that are not listed
}

// Whole reports whether nothing was found.
func (r *Report) Whole() bool { return len(r.Faults) == 0 }

// maxFaults is how many faults are listed.
const maxFaults = 20

// fault notes one.
func (r *Report) fault(file string, line int, says string, args ...any) {
	if len(r.Faults) == maxFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, Fault{file, line, fmt.Sprintf(says, args...)})
}

// verifier goes through the lines.
type verifier struct {
	Report
	begun bool
	at    place

	want   Want
	met    bool  // a line has the hash that is wanted
	oldest int64 // the number of the first line that the writer has kept

	file string
	line int
	torn []byte // lines that are none, since the last that is
	from int    // the number of the first of these
}

// Want says what a chain must have.
type Want struct {
	Head string // the hash of one of its lines; empty: none is known
	Part bool   // what comes before the files may be elsewhere
}

// Verify checks the chain of files, in the order of their lines. It fails if one cannot
// be read.
func Verify(files []File, want Want) (*Report, error) {
	v := &verifier{want: want}
	type begun struct {
		File
		seq int64
	}
	var all []begun
	for _, f := range files {
		line, _, err := nextLine(bufio.NewReaderSize(f.R, 64<<10))
		if err == nil || err == io.EOF {
			_, err = f.R.Seek(0, io.SeekStart)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		s, _ := open(line)
		all = append(all, begun{f, s.seq})
	}
	slices.SortStableFunc(all, func(a, b begun) int { return cmp.Compare(a.seq, b.seq) })
	for _, f := range all {
		v.Files = append(v.Files, f.Name)
		if err := v.read(f.File); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	v.Head = v.at.prev
	if !v.begun {
		v.Head = ""
		v.fault(cmp.Or(append(v.Files, "")...), 0, "there is no line of an audit")
	}
	if v.begun && v.First > max(v.oldest, 1) && !v.want.Part {
		v.fault(cmp.Or(append(v.Files, "")...), 0, "lines %d to %d are not here: they were in files before it", max(v.oldest, 1), v.First-1)
	}
	if want.Head != "" && !v.met {
		v.fault(cmp.Or(append(v.Files, "")...), 0, "no line has the hash %s: the end was cut off, or it is another chain", want.Head)
	}
	return &v.Report, nil
}

// read goes through a file.
func (v *verifier) read(f File) error {
	v.file, v.line = f.Name, 0
	r := bufio.NewReaderSize(f.R, 64<<10)
	for {
		line, whole, err := nextLine(r)
		if err != nil && err != io.EOF {
			return err
		}
		if len(line) > 0 || whole {
			v.line++
			if whole {
				v.next(line)
			} else {
				v.pend(line)
			}
		}
		if err == io.EOF {
			v.endFile()
			return nil
		}
	}
}

// next checks a line.
func (v *verifier) next(line []byte) {
	s, ok := open(line)
	if !ok {
		v.pend(append(line, '\n'))
		return
	}
	var say event
	if json.Unmarshal(line, &say) != nil && s.true {
		v.fault(v.file, v.line, "it is no JSON")
	}
	v.mended(&say, s)
	switch {
	case !s.true:
		v.fault(v.file, v.line, "the line was changed")
	case !v.begun:
		v.begins(&say, s)
	case s.prev == v.at.prev && s.seq == v.at.seq+1:
	case s.seq == v.at.seq+2:
		v.fault(v.file, v.line, "line %d is missing before it", s.seq-1)
	case s.seq > v.at.seq+1:
		v.fault(v.file, v.line, "lines %d to %d are missing before it", v.at.seq+1, s.seq-1)
	case s.seq <= v.at.seq:
		v.fault(v.file, v.line, "line %d does not belong here: it was moved, doubled or put in", s.seq)
		if s.seq < v.at.seq {
			return // the chain goes on from where it was
		}
	default:
		v.fault(v.file, v.line, "line %d does not follow the one before it", s.seq)
	}
	v.begun, v.met = true, v.met || s.true && s.hash == v.want.Head
	v.Lines++
	v.at = place{seq: s.seq, prev: s.hash}
	v.Stopped = say.Event == "stop"
	if say.Event == "file" {
		v.oldest = say.Oldest
	}
	v.Missing += say.Lines
	if v.To = say.Time; v.From.IsZero() {
		v.From = say.Time
	}
}

// event is what is read of a line.
type event struct {
	Event  string
	Time   time.Time
	Bytes  int64
	SHA256 string
	Lines  int64
	First  bool
	Oldest int64
}

// begins checks the first line of all.
func (v *verifier) begins(say *event, s sealed) {
	v.First = s.seq
	switch {
	case say.Event != "file" && !(say.Event == "mended" && say.First):
		v.fault(v.file, v.line, "the beginning of the file was cut off: its first line has number %d", s.seq)
		v.want.Part = true // it is told
	case s.seq == 1 && s.prev != Zero:
		v.fault(v.file, v.line, "it is the first line, and names one before it")
	}
}

// pend keeps what is no line: it may be one that was torn.
func (v *verifier) pend(b []byte) {
	if len(v.torn) == 0 {
		v.from = v.line
	}
	v.torn = append(v.torn, b[:min(len(b), max(2*MaxLine-len(v.torn), 0))]...)
}

// mended checks what stands before a line that is one.
func (v *verifier) mended(say *event, s sealed) {
	if say.Event != "mended" && len(v.torn) == 0 {
		return
	}
	torn := bytes.TrimSuffix(v.torn, []byte{'\n'})
	sum := sha256.Sum256(torn)
	switch {
	case say.Event == "mended" && s.true && say.Bytes == int64(len(torn)) && say.SHA256 == hex.EncodeToString(sum[:]):
		if isTorn(torn, s.seq) {
			v.Mended++
			break
		}
		fallthrough
	case say.Event != "mended":
		v.fault(v.file, v.from, "it is no line of the audit: it was changed or put in")
	default:
		v.fault(v.file, v.line, "what was torn before it was changed")
	}
	v.torn = nil
}

// isTorn reports whether what is no line may be what a kill has left of the line with that
// number, and of others that were to say so: so lines that were changed do not pass for torn.
func isTorn(torn []byte, seq int64) bool {
	begins := strconv.AppendInt([]byte(seqBegins), seq, 10)
	first, rest, ended := bytes.Cut(torn, []byte{'\n'})
	if _, ok := open(first); ok || !agree(first, begins) || ended && (len(first) == 0 || bytes.HasSuffix(first, []byte(lineEnds))) {
		return false
	}
	begins = append(begins, mendedIs...)
	for ended {
		first, rest, ended = bytes.Cut(rest, []byte{'\n'})
		if _, ok := open(first); ok || !agree(first, begins) {
			return false
		}
	}
	return true
}

// agree reports whether one of two begins with the other.
func agree(a, b []byte) bool {
	n := min(len(a), len(b))
	return bytes.Equal(a[:n], b[:n])
}

// mendedIs is what follows the number in a line that says so of one which was torn.
const mendedIs = `,"event":"mended"`

// endFile checks what is left at the end of a file.
func (v *verifier) endFile() {
	if len(v.torn) == 0 {
		return
	}
	if v.torn[len(v.torn)-1] == '\n' {
		v.fault(v.file, v.from, "it is no line of the audit: it was changed or put in")
	} else {
		v.fault(v.file, v.from, "the last line is torn: the writer was killed, or it was cut; the next start says so in the file")
	}
	v.torn = nil
}

// nextLine reads a line without its line feed; whole says that it had one. Of one that is
// too long the rest is left out.
func nextLine(r *bufio.Reader) (line []byte, whole bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line) <= MaxLine {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte{'\n'}), true, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, false, err
		}
	}
}
