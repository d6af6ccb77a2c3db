package explain

import (
	"cmp"
	"slices"
	"strings"
)

// search returns the operations that have each word, the best first. Parts of words count
// where nothing has them whole, and texts where nothing else has the words.
func search(words []string) (found []Found) {
	for _, begun := range []bool{false, true} {
		type hit struct {
			Found
			cost int
			text bool // a word is in a text alone
		}
		var hits []hit
		for _, e := range texts().entries {
			h := hit{Found: Found{Entry: e}}
			if whys, cost, text, ok := e.has(words, begun); ok {
				h.Why, h.cost, h.text = strings.Join(whys, ", "), cost, text
				hits = append(hits, h)
			}
		}
		if slices.ContainsFunc(hits, func(h hit) bool { return !h.text }) {
			hits = slices.DeleteFunc(hits, func(h hit) bool { return h.text })
		}
		slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.cost, b.cost) })
		for _, h := range hits {
			found = append(found, h.Found)
		}
		if found != nil {
			break
		}
	}
	return found
}

// has reports whether each word is somewhere in e, and how far from what people look for
// first; begun says that a word may be the beginning of one.
func (e *Entry) has(words []string, begun bool) (whys []string, cost int, text, ok bool) {
	for _, word := range words {
		best, far := fact{}, -1
		for _, f := range facts()[e] {
			n := f.distance(wordOf(word), begun)
			if n >= 0 && (far < 0 || n < far || n == far && len(f.text) < len(best.text)) {
				best, far = f, n
			}
		}
		if far < 0 {
			return nil, 0, false, false
		}
		cost += far
		text = text || best.kind == ofText
		if best.says != "" && !slices.Contains(whys, best.says) {
			whys = append(whys, best.says)
		}
	}
	return whys, cost, text, true
}

// wordOf returns a word that somebody has typed without what stands around it, and places in
// lists: "Mounts[0].Type" is "Mounts.Type".
func wordOf(typed string) string {
	word := strings.TrimRight(strings.Trim(unquoted(typed), ",;:!?()"), ".")
	for {
		before, rest, open := strings.Cut(word, "[")
		_, after, closed := strings.Cut(rest, "]")
		if !open || !closed {
			break
		}
		word = before + after
	}
	if len(word) > 1 && word[0] == '.' {
		word = word[1:]
	}
	return word
}

// shortest is how long the beginning of a word is at least.
const shortest = 3

// What distances consist of: one kind from the next, and what it adds that letters are of the other
// case, which makes a parameter less likely than a field, or that a word is not there whole.
const (
	aKind     = 2
	otherCase = 3
	notWhole  = 100
)

// distance returns how far a fact is from what people look for first, if it has the word; -1
// if it does not.
func (f fact) distance(word string, begun bool) int {
	if isMethod(word) && f.kind != ofMethod || strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 || isWordly(byte(r)) }) < 0 {
		return -1
	}
	far := int(f.kind) * aKind
	switch f.kind {
	case ofMethod, ofParameter:
		if f.text == word {
			return far
		}
		if alike(f.text, word) {
			return far + otherCase
		}
	case ofVersion:
		if f.text == strings.TrimPrefix(strings.ToLower(word), "v") {
			return far
		}
	case ofField, ofAnswer, ofGone, ofError:
		if endsWith(f.text, word) || endsWith(strings.ReplaceAll(f.text, ".*", ""), word) {
			return far
		}
	default:
		if within(f.text, word, true, f.kind == ofName) {
			return far
		}
	}
	if !begun || len(word) < shortest {
		return -1
	}
	switch f.kind {
	case ofMethod, ofVersion, ofText:
		return -1
	case ofField, ofAnswer, ofGone:
		f.text = f.text[strings.LastIndexByte(f.text, '.')+1:]
	case ofError:
		if f.text[0] <= '9' {
			return -1
		}
	}
	if within(f.text, word, false, true) || within(f.text, strings.TrimSuffix(word, "s"), true, true) {
		return far + notWhole
	}
	return -1
}

// isMethod reports whether a word is a method of HTTP and nothing else, as its letters tell.
func isMethod(word string) bool {
	return slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}, word)
}

// apart takes out what names are held together by elsewhere: the flag memory-swap, and the
// argument memory_swap, of what JSON has as MemorySwap.
var apart = strings.NewReplacer("-", "", "_", "")

// alike reports whether words are the same but for their case, and for - and _.
func alike(a, b string) bool { return strings.EqualFold(apart.Replace(a), apart.Replace(b)) }

// endsWith reports whether the last parts of a name with dots are a word.
func endsWith(name, word string) bool {
	name, word = apart.Replace(name), apart.Replace(word)
	at := len(name) - len(word)
	return at >= 0 && word != "" && strings.EqualFold(name[at:], word) && (at == 0 || name[at-1] == '.')
}

// within reports whether a word is in text, where a word begins, and if it is to be whole,
// where one ends. With parts, the parts of names like "ImageTag" are words.
func within(text, word string, whole, parts bool) bool {
	for at := 0; at+len(word) <= len(text); at++ {
		end := at + len(word)
		if strings.EqualFold(text[at:end], word) && border(text, at, parts) && (!whole || border(text, end, parts)) {
			return true
		}
	}
	return false
}

// border reports whether a word ends or begins before the byte at a place of text.
func border(text string, at int, parts bool) bool {
	if at == 0 || at == len(text) {
		return true
	}
	last, next := text[at-1], text[at]
	if !isWordly(last) || !isWordly(next) {
		return true
	}
	isUpper := func(c byte) bool { return 'A' <= c && c <= 'Z' }
	return parts && isUpper(next) && (!isUpper(last) || at+1 < len(text) && 'a' <= text[at+1] && text[at+1] <= 'z')
}

// isWordly reports whether words have such bytes.
func isWordly(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80
}
