package explain

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds of what is searched for: no name is longer, in bytes, and nobody types so many words.
const (
	maxWord  = 128
	maxWords = 64
)

// hit is an operation that has each word.
type hit struct {
	Found
	cost  int  // how far it is from what people look for first
	text  bool // a word is in a text alone
	begun bool // a word is whole nowhere
}

// search returns the operations that have each word, the best first. Parts of words count
// where nothing has them whole, and texts where nothing else has the words.
func search(typed []string) (found []Found) {
	words, ok := wordsOf(typed)
	if !ok {
		return nil
	}
	hits := hitsOf(words, false)
	if !slices.ContainsFunc(hits, func(h hit) bool { return !h.begun }) {
		hits = hitsOf(words, true)
	}
	for _, h := range hits {
		found = append(found, h.Found)
	}
	return found
}

// wordsOf returns the words that somebody has typed, each once, and whether they can be
// searched for: there are not too many, and none is too long.
func wordsOf(typed []string) (words []string, ok bool) {
	has := make(map[string]bool)
	for _, word := range typed {
		if len(word) > maxWord {
			return nil, false
		}
		if word = wordOf(word); has[word] {
			continue
		}
		if len(words) == maxWords {
			return nil, false
		}
		has[word], words = true, append(words, word)
	}
	return words, true
}

// hitsOf returns the operations that have each word, the best first; begun says that a word
// may be the beginning of one anywhere.
func hitsOf(words []string, begun bool) (hits []hit) {
	for _, e := range texts().entries {
		if h, ok := e.has(words, begun); ok {
			hits = append(hits, h)
		}
	}
	if slices.ContainsFunc(hits, func(h hit) bool { return !h.text }) {
		hits = slices.DeleteFunc(hits, func(h hit) bool { return h.text })
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.cost, b.cost) })
	return hits
}

// has returns e as a hit, and whether each word is somewhere in it.
func (e *Entry) has(words []string, begun bool) (h hit, ok bool) {
	var whys []string
	for _, word := range words {
		best, far, whole := fact{}, -1, false
		for _, f := range facts()[e] {
			n := f.distance(word, begun)
			whole = whole || n >= 0 && n < notWhole && (f.kind != ofName || n == 0)
			if n >= 0 && (far < 0 || n < far || n == far && len(f.text) < len(best.text)) {
				best, far = f, n
			}
		}
		if far < 0 {
			return hit{}, false
		}
		h.cost += far
		h.text = h.text || best.kind == ofText
		h.begun = h.begun || !whole
		if best.says != "" && !slices.Contains(whys, best.says) {
			whys = append(whys, best.says)
		}
	}
	if !e.isDocker() {
		h.cost += ofOthers
	}
	h.Found = Found{Entry: e, Why: strings.Join(whys, ", ")}
	return h, true
}

// isDocker reports whether e is of the Docker Engine API: neither Podman's own nor of gRPC.
func (e *Entry) isDocker() bool {
	return !e.IsGRPC() && !slices.ContainsFunc(e.Requests, func(r Request) bool { return strings.HasPrefix(r.Path, "/libpod/") })
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
// case, which makes a parameter less likely than a field, that a word is not there whole, or how one
// of the name begins, which is as likely as a field; and that an operation is not Docker's own.
const (
	aKind     = 2
	otherCase = 3
	notWhole  = 100
	nameBegun = int(ofField) * aKind
	ofOthers  = nameBegun + 1
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
	if len(word) < shortest {
		return -1
	}
	if f.kind == ofName && within(f.text, word, false, true) {
		return nameBegun
	}
	if !begun {
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
