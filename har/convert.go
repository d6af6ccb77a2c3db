package har

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// fromString makes a value of the string that comes next.
func (n *normal) fromString(s *shape) (ok bool, err error) {
	switch s.kind {
	case wantAnything, wantBody:
		return true, n.string(maxEntry)
	case wantText, wantLabel:
		return true, n.string(maxHeadText)
	case wantPairs:
		return n.pairLines()
	case wantList:
		return n.reject()
	case wantObject:
		return n.bodyAlone(s)
	}
	str, err := n.short()
	if err != nil {
		return false, err
	}
	if s.kind == wantMoment || s.kind == wantSeconds {
		return n.time(s.kind, str, true), nil
	}
	str = strings.TrimSpace(str)
	ok = n.number(s.kind, str)
	switch {
	case str == "":
		n.fixes.add(nullMember)
	case ok:
		n.fixes.add(oddNumber)
	default:
		n.fixes.add(noNumber)
	}
	return ok, nil
}

// bodyAlone reads the text of a body that stands in the place of the object of
// shape s that should have it.
func (n *normal) bodyAlone(s *shape) (bool, error) {
	if s.members["text"] == nil {
		return n.reject()
	}
	n.fixes.add(oddText)
	n.out = append(n.out, `{"text":`...)
	err := n.string(maxEntry)
	n.endObject(s, &open{cut: n.cut})
	n.cut = false
	return true, err
}

// fromWord makes a value of a number or word.
func (n *normal) fromWord(s *shape, word []byte) bool {
	w := string(word)
	switch {
	case s.kind == wantAnything:
		n.out = n.anyWord(n.out, w)
		return true
	case nothing[w]:
		n.fixes.add(nullMember)
		return false
	}
	switch s.kind {
	case wantText, wantBody, wantLabel:
		if s.kind != wantLabel || !plainNumber(w) {
			n.fixes.add(oddText)
		}
		n.out, _ = jsontext.AppendString(n.out, w)
		return true
	case wantMoment, wantSeconds:
		return n.time(s.kind, w, false)
	case wantObject, wantList, wantPairs:
		n.fixes.add(oddMember)
		return false
	}
	exact := plainNumber(w) && (s.kind != wantInteger || strings.Trim(w, "-0123456789") == "")
	ok := n.number(s.kind, w)
	switch {
	case !ok:
		n.fixes.add(noNumber)
	case !exact && s.kind != wantFlag:
		n.fixes.add(oddNumber)
	}
	return ok
}

// plainNumber says whether w is a number to JSON.
func plainNumber(w string) bool {
	return w != "" && (w[0] == '-' || '0' <= w[0] && w[0] <= '9') && json.Valid([]byte(w))
}

// nothing are the words for that.
var nothing = map[string]bool{"null": true, "None": true, "nil": true, "undefined": true, "NULL": true}

// truth are the words for flags.
var truth = map[string]string{"true": "true", "false": "false", "True": "true", "False": "false", "1": "true", "0": "false", "yes": "true", "no": "false"}

// number appends what w means as a number or a flag, if it does.
func (n *normal) number(k shapeKind, w string) bool {
	if k == wantFlag {
		n.out = append(n.out, truth[w]...)
		return truth[w] != ""
	}
	if i, err := strconv.ParseInt(w, 10, 64); err == nil {
		n.out = strconv.AppendInt(n.out, i, 10)
		return true
	}
	f, ok := parseNumber(w)
	switch {
	case !ok:
		return false
	case k == wantNumber:
		n.out = strconv.AppendFloat(n.out, f, 'g', -1, 64)
		return true
	case math.Abs(f) >= math.MaxInt64:
		return false
	}
	n.out = strconv.AppendInt(n.out, int64(math.Round(f)), 10)
	return true
}

// parseNumber reads a number as people and programs write it: with a comma, or
// with something behind it.
func parseNumber(w string) (f float64, ok bool) {
	w = strings.TrimSpace(w)
	if strings.Count(w, ",") == 1 && !strings.Contains(w, ".") {
		w = strings.Replace(w, ",", ".", 1)
	}
	if word, behind, _ := strings.Cut(w, " "); strings.ContainsAny(behind, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		w = word // 200 OK, 12.5 ms
	}
	f, err := strconv.ParseFloat(w, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// time appends the moment that w means, if it means one.
func (n *normal) time(k shapeKind, w string, quoted bool) bool {
	if k == wantSeconds && !quoted && plainNumber(w) {
		n.out = append(n.out, w...)
		return true
	}
	at, how := parseMoment(w)
	switch how {
	case momentUnknown:
		return false
	case momentOdd:
		n.fixes.add(oddTime)
	case momentNoZone:
		n.fixes.add(noZone)
	}
	if k == wantSeconds {
		n.out = strconv.AppendInt(n.out, at.Unix(), 10)
		n.out = jsontext.AppendDecimals(append(n.out, '.'), int64(at.Nanosecond()), 9)
		return true
	}
	n.out = at.AppendFormat(append(n.out, '"'), time.RFC3339Nano)
	n.out = append(n.out, '"')
	return true
}
