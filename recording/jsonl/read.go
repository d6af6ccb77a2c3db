package jsonl

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/socktrace/socktrace/wire"
)

// Read reads JSON lines and calls emit for what each of them tells, in the
// goroutine of the caller, until they end or ctx does. Unlike the lines, which
// have an exchange with all that is in it, it ends with an End event.
//
// Lines of unknown events, and properties that are not known, are ignored. What
// is no event, or too long for one, is left out; repairs say so. Connections that
// the lines do not close end with the file, as stopped. It is an error if r fails,
// and one that wraps io.ErrUnexpectedEOF if it ends within a line: all before that
// was told.
//
// Memory is bounded by the longest line, of longest bytes or, if that is 0, of 1 GiB,
// and what is open at once. What was read of a line needs several times as much.
func Read(ctx context.Context, r io.Reader, longest int, emit func(wire.Event)) (repairs []string, err error) {
	rd := newReader(r, emit)
	if longest > 0 {
		rd.lines.max = min(longest, maxLine)
	}
	for err == nil {
		if err = ctx.Err(); err == nil {
			err = rd.next()
		}
	}
	rd.conns.end()
	rd.sumUp()
	if err == io.EOF {
		return rd.repairs, nil
	}
	return rd.repairs, fmt.Errorf("JSON lines: %w", err)
}

// reader is the state of one call of Read.
type reader struct {
	lines   lines
	line    note // reused
	conns   conns
	emit    func(wire.Event)
	repairs []string
	more    int // lines that were left out and have no repair of their own
}

func newReader(r io.Reader, emit func(wire.Event)) *reader {
	return &reader{
		lines: lines{in: bufio.NewReaderSize(r, 64<<10), max: maxLine},
		conns: conns{emit: emit, open: make(map[int]*conn)},
		emit:  emit,
	}
}

// next reads a line and tells what is in it.
func (r *reader) next() error {
	line, err := r.lines.next()
	switch {
	case err != nil:
		return err
	case r.lines.tooLong():
		r.leaveOut(fmt.Errorf("it has %d bytes, more than %d", r.lines.size, r.lines.max))
		return nil
	case isBlank(line):
		return nil
	}
	known, err := r.line.read(line)
	switch {
	case err != nil && r.lines.torn:
		return fmt.Errorf("the file is cut short in line %d: %w", r.lines.n, io.ErrUnexpectedEOF)
	case err != nil:
		r.leaveOut(err)
	case known:
		r.tell(&r.line)
	}
	return nil
}

// isBlank reports whether a line has nothing but white space.
func isBlank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// leaveOut notes that the line was not understood.
func (r *reader) leaveOut(why error) {
	const most = 100
	if len(r.repairs) >= most {
		r.more++
		return
	}
	r.repairs = append(r.repairs, fmt.Sprintf("line %d was left out: %v", r.lines.n, why))
}

// sumUp counts the lines that were left out in silence.
func (r *reader) sumUp() {
	if r.more > 0 {
		r.repairs = append(r.repairs, fmt.Sprintf("%d more lines were left out", r.more))
	}
}

// tell tells what a line does.
func (r *reader) tell(n *note) {
	switch n.Event {
	case "dropped":
		m := wire.Meta{Start: n.end, End: n.end}
		r.emit(&wire.Dropped{Meta: m, Events: n.Events, Bytes: n.Bytes, Recorded: true, Entries: n.Entries})
	case "open":
		r.conns.opens(n)
	case "close":
		r.conns.closes(n)
	case "exchange":
		r.conns.ends(n)
	default:
		r.conns.part(n)
	}
}
