package jsonl

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// lineNote is how one field was sent: its number, and its line; nothing else
// if it was masked. If that is not UTF-8 there are name, value and line instead.
type lineNote struct {
	index int
	text  []string
	exact [][]byte
}

func (l *lineNote) UnmarshalJSON(b []byte) error {
	var all []json.RawMessage
	err := json.Unmarshal(b, &all)
	if err == nil && len(all) > 0 {
		err = json.Unmarshal(all[0], &l.index)
	}
	if err == nil && len(all) == 2 {
		l.text = make([]string, 1)
		err = json.Unmarshal(all[1], &l.text[0])
	}
	for i := 1; err == nil && i < len(all) && len(all) > 2; i++ {
		var exact []byte
		err = json.Unmarshal(all[i], &exact)
		l.exact = append(l.exact, exact)
	}
	if err != nil || len(all) < 1 || len(all) > 4 {
		return errors.New("a line of a field is not as it should be")
	}
	return nil
}

// apply makes f what l says.
func (l *lineNote) apply(f *wire.Field) {
	if len(l.exact) > 0 {
		f.Name, f.Value, f.Line = string(l.exact[0]), string(l.exact[1]), ""
		if f.Masked = len(l.exact) == 2; !f.Masked {
			f.Line = string(l.exact[2])
		}
		return
	}
	f.Line = ""
	if f.Masked = len(l.text) == 0; !f.Masked {
		f.Line = l.text[0]
	}
}

// fieldsOf makes fields of pairs: those that masked names behind the prefix
// were masked, and the others were lines, if the protocol has them; but for what
// notes say.
func fieldsOf(pairs [][2]string, notes []lineNote, masked []string, prefix string, lines bool) []wire.Field {
	if len(pairs) == 0 {
		return nil
	}
	fields := make([]wire.Field, len(pairs))
	for i, p := range pairs {
		f := &fields[i]
		*f = wire.Field{Name: p[0], Value: p[1], Masked: isMasked(masked, prefix, p[0])}
		if lines && !f.Masked {
			f.Line = p[0] + ": " + p[1]
			f.Name, f.Value = f.Line[:len(p[0])], f.Line[len(p[0])+2:]
		}
	}
	for i := range notes {
		if n := &notes[i]; n.index >= 0 && n.index < len(fields) {
			n.apply(&fields[n.index])
		}
	}
	return fields
}

func isMasked(masked []string, prefix, field string) bool {
	for _, m := range masked {
		if name, ok := strings.CutPrefix(m, prefix); ok && name == field {
			return true
		}
	}
	return false
}

// hasLines reports whether heads of the version are made of lines.
func hasLines(version string) bool {
	return !strings.HasPrefix(version, "HTTP/2") && !strings.HasPrefix(version, "HTTP/3")
}
