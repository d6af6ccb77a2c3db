package compare

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
)

// maxWork is how many bytes are read of a document's elements to find out which of them are
// alike: arrays that differ much, or are nested deep, are compared place by place then.
const maxWork = 16 << 20

// maxDepth is how deep documents are looked into; what is deeper is compared as it stands.
const maxDepth = 48

// walk compares two documents, and collects what they differ in.
type walk struct {
	*Session
	request bool // of requests: the daemon reads names in any case
	foreign bool // of what is no Docker API: all fields count
	brief   bool // it is only asked whether there is a difference: the first is enough
	all     []Difference
}

// document compares the documents a and b, each a JSON value, or empty.
func (s *Session) document(place string, a, b []byte, request bool) []Difference {
	s.work = maxWork
	w := walk{Session: s, request: request}
	w.value(place, "", a, b, 0)
	return w.all
}

// differ notes that a and b differ at a place. Empty is what has no value there.
func (w *walk) differ(place, path string, a, b []byte) {
	if path != "" {
		place += " " + path
	}
	w.all = append(w.all, Difference{Place: place, A: string(a), B: string(b), HasA: len(a) > 0, HasB: len(b) > 0})
}

// value compares two values called path.
func (w *walk) value(place, path string, a, b []byte, depth int) {
	a, b = trimmed(a), trimmed(b)
	switch {
	case w.brief && len(w.all) > 0:
		return
	case bytes.Equal(a, b) && !hasID(a), w.request && isOfTerminal(path):
		return
	case len(a) == 0 || len(b) == 0 || string(a) == "null" || string(b) == "null":
		if dockerapi.IsUnset(path, a) && dockerapi.IsUnset(path, b) || w.isChance(path) && isScalar(a) && isScalar(b) {
			return
		}
	case a[0] == '{' && b[0] == '{' && depth < maxDepth:
		w.object(place, path, a, b, depth)
		return
	case a[0] == '[' && b[0] == '[' && depth < maxDepth:
		w.array(place, path, a, b, depth)
		return
	case w.scalar(path, a, b), bytes.Equal(a, b): // an id that stood for another is the same all the same
		return
	}
	w.differ(place, path, a, b)
}

// isChance reports whether a field of a document says nothing that two sessions share.
func (w *walk) isChance(path string) bool { return !w.request && !w.foreign && isVolatile(path) }

// object compares two objects.
func (w *walk) object(place, path string, a, b []byte, depth int) {
	keyed := dockerapi.KeyedByClients(path)
	for _, m := range w.members(a, b, w.request && !keyed) {
		inner := joined(path, m.name)
		if !keyed && (m.a == nil || m.b == nil) && dockerapi.IsUnset(inner, m.a) && dockerapi.IsUnset(inner, m.b) {
			continue
		}
		w.value(place, inner, m.a, m.b, depth+1)
	}
}

// member is what two objects have under one name, as A writes it if A has it.
type member struct {
	name string
	a, b []byte // nil if it is not there
}

// members returns the members of two objects. Of what is there twice the last counts, as for Go.
func (w *walk) members(a, b []byte, anyCase bool) (all []*member) {
	known := make(map[string]*member)
	at := func(name, key string) *member {
		if anyCase {
			key = strings.ToLower(key)
		}
		m := known[key]
		if m == nil {
			m = &member{name: name}
			known[key], all = m, append(all, m)
		}
		return m
	}
	for quoted, value := range jsontext.Members(a) {
		name := plain(quoted)
		at(name, key(name)).a = value
	}
	for quoted, value := range jsontext.Members(b) {
		name := plain(quoted)
		at(name, w.keyInA(name)).b = value
	}
	return all
}

// keyInA returns what A knows by the key of what B calls name: some objects have ids as names.
func (w *walk) keyInA(name string) string {
	if a, ok := w.toA[key(name)]; ok && hasID(name) {
		return a
	}
	return key(name)
}

// scalar reports whether two values of which one is no object and no array mean the same.
func (w *walk) scalar(path string, a, b []byte) bool {
	if isMasked(string(a)) || isMasked(string(b)) {
		return meets(plain(a), plain(b)) || meets(plain(b), plain(a))
	}
	if w.isChance(path) {
		return true
	}
	x, isX := jsontext.Unquote(a)
	y, isY := jsontext.Unquote(b)
	if isX && isY && isTime(path) && isNumber(x) && isNumber(y) {
		return true
	}
	if isX && isY {
		return w.named(path, string(x), string(y))
	}
	if isX != isY {
		return false
	}
	if isTime(path) {
		return isNumber(a) && isNumber(b)
	}
	return bytes.Equal(a, b) || isNumber(a) && isNumber(b) && equalNumbers(a, b)
}

// named compares two strings that are called path.
func (w *walk) named(path, a, b string) bool {
	if w.request && pin(a) != pin(b) {
		return false
	}
	if w.text(a, b, !w.request) {
		return true
	}
	x, y := strings.TrimPrefix(a, "/"), strings.TrimPrefix(b, "/")
	if isName(path) && !(w.request && isChosen(path)) && isMadeUpName(x) && isMadeUpName(y) {
		return w.pair(x, y)
	}
	if !w.request {
		return !w.foreign && (areKept(path, a, b) && w.Text(lastOf(a), lastOf(b)) || path == "ID" && isDaemonID(a) && isDaemonID(b))
	}
	if isImage(path) && imageName(a) == imageName(b) {
		return true
	}
	return isObject(a) && isObject(b) && w.same("", []byte(a), []byte(b), 0)
}

// isObject reports whether a string is a document of its own.
func isObject(s string) bool { return len(s) > 1 && s[0] == '{' && json.Valid([]byte(s)) }

// same reports whether two values called path differ in nothing.
func (w *walk) same(path string, a, b []byte, depth int) bool {
	inner := walk{Session: w.Session, request: w.request, foreign: w.foreign, brief: true}
	inner.value("", path, a, b, depth)
	return len(inner.all) == 0
}

// array compares two arrays: of what has a key, elements with the same; of the others what is
// equal is found in the order that it has, and what is left is compared place by place.
func (w *walk) array(place, path string, a, b []byte, depth int) {
	x, y := elements(a), elements(b)
	if kx, ok := keysOf(path, x); ok {
		if ky, ok := keysOf(path, y); ok {
			w.keyed(place, path, x, y, kx, ky, depth)
			return
		}
	}
	i, j := 0, 0
	for _, p := range w.equal(path, x, y, depth) {
		w.between(place, path, x, y, i, p.A, j, p.B, depth)
		w.value(place, path, x[p.A], y[p.B], depth+1) // for the ids in it
		i, j = p.A+1, p.B+1
	}
	w.between(place, path, x, y, i, len(x), j, len(y), depth)
}

// equal aligns the elements of two arrays that mean the same, as long as there is work left. Arrays
// are the same only if their elements are, each in its place: for that none have to be aligned.
func (w *walk) equal(path string, x, y [][]byte, depth int) []Pair {
	if w.work < 0 || w.brief {
		return nil
	}
	return Align(len(x), len(y), func(i, j int) bool {
		if w.work < 0 {
			return false
		}
		w.work -= len(x[i]) + len(y[j]) + 16
		mark := w.Mark()
		defer w.Undo(mark)
		return w.same(path, x[i], y[j], depth+1)
	})
}

// between compares what is left of two arrays between elements that are equal.
func (w *walk) between(place, path string, x, y [][]byte, i, endX, j, endY, depth int) {
	for ; i < endX || j < endY; i, j = i+1, j+1 {
		switch {
		case i >= endX:
			w.differ(place, path+"["+strconv.Itoa(j)+"]", nil, y[j])
		case j >= endY:
			w.differ(place, path+"["+strconv.Itoa(i)+"]", x[i], nil)
		default:
			w.value(place, path+"["+strconv.Itoa(i)+"]", x[i], y[j], depth+1)
		}
	}
}

// keyed compares elements by their keys.
func (w *walk) keyed(place, path string, x, y [][]byte, kx, ky []string, depth int) {
	inY := make(map[string]int, len(ky))
	for j, k := range ky {
		inY[key(k)] = j
	}
	used := make([]bool, len(y))
	var rest []int
	for i, k := range kx {
		other := key(k)
		if b, ok := w.toB[other]; ok {
			other = b
		}
		j, ok := inY[other]
		if !ok {
			rest = append(rest, i)
			continue
		}
		used[j] = true
		w.value(place, path+"["+k+"]", x[i], y[j], depth+1)
	}
	called, rest := w.byName(x, y, kx, ky, rest, used)
	for _, p := range called {
		w.value(place, path+"["+kx[p.A]+"]", x[p.A], y[p.B], depth+1)
	}
	j := 0
	for _, i := range rest { // what is known by other keys in the other session
		for j < len(y) && used[j] {
			j++
		}
		if j < len(y) && w.mayBe(kx[i], ky[j]) {
			used[j] = true
			w.value(place, path+"["+kx[i]+"]", x[i], y[j], depth+1)
			continue
		}
		w.differ(place, path+"["+kx[i]+"]", x[i], nil)
	}
	for j, was := range used {
		if !was {
			w.differ(place, path+"["+ky[j]+"]", nil, y[j])
		}
	}
}

// byName pairs elements of whose ids nothing is known, but that are called the same: a daemon lists
// its networks in any order. Of x those of rest have no other yet, of y those that are not used, which
// it notes; left are those of rest that have none then.
func (w *walk) byName(x, y [][]byte, kx, ky []string, rest []int, used []bool) (pairs []Pair, left []int) {
	called := make(map[string]int)
	for j, was := range used {
		if name := nameOf(y[j]); !was && name != "" && name != ky[j] {
			called[name] = j
		}
	}
	if len(called) == 0 {
		return nil, rest
	}
	for _, i := range rest {
		j, is := called[nameOf(x[i])]
		if !is || used[j] || !w.mayBe(kx[i], ky[j]) {
			left = append(left, i)
			continue
		}
		used[j] = true
		pairs = append(pairs, Pair{i, j})
	}
	return pairs, left
}

// mayBe reports whether two keys may be of the same: ids of which nothing is known yet.
func (w *walk) mayBe(a, b string) bool {
	mark := w.Mark()
	ok := w.Text(a, b) || isMadeUpName(strings.TrimPrefix(a, "/")) && isMadeUpName(strings.TrimPrefix(b, "/"))
	w.Undo(mark)
	return ok
}
