package compare

import "strings"

// maxIDs is how many ids a Session remembers, besides those that Same names; those that come
// then stand for any.
const maxIDs = 1 << 16

// Session knows what is known of two sessions, A and B: which ids of A stand for which of
// B. Its methods must not be called concurrently.
type Session struct {
	toB, toA map[string]string // by their keys
	long     map[string]string // ids of B in full, by the key of that of A
	learned  []string          // keys of A, in the order in which they were learned
	others   int               // ids that stand for others than themselves
	work     int               // left of maxWork, of the document that is compared
}

// New returns a Session in which nothing is known.
func New() *Session {
	return &Session{toB: make(map[string]string), toA: make(map[string]string), long: make(map[string]string)}
}

// Same says that a of A stands for b of B, whatever they look like: a name that was
// chosen anew, an id. What was known of either before is forgotten.
func (s *Session) Same(a, b string) {
	ka, kb := key(a), key(b)
	s.forget(ka)
	if old, ok := s.toA[kb]; ok {
		s.forget(old)
	}
	s.know(ka, kb, b)
}

// know notes that an id of A stands for b of B, both by their keys: nothing is known of them.
func (s *Session) know(ka, kb, b string) {
	s.toB[ka], s.toA[kb], s.long[ka] = kb, ka, b
	if ka != kb {
		s.others++
	}
}

// Mark returns a place to which Undo goes back.
func (s *Session) Mark() int { return len(s.learned) }

// Undo forgets the ids that were learned since Mark has returned mark.
func (s *Session) Undo(mark int) {
	for _, k := range s.learned[mark:] {
		s.forget(k)
	}
	s.learned = s.learned[:mark]
}

// forget forgets what an id of A stands for, by its key, if that is known.
func (s *Session) forget(ka string) {
	if kb, ok := s.toB[ka]; ok {
		delete(s.toA, kb)
		delete(s.toB, ka)
		delete(s.long, ka)
		if ka != kb {
			s.others--
		}
	}
}

// Learned returns how many ids stand for others than themselves.
func (s *Session) Learned() int { return s.others }

// pair reports whether a of A can stand for b of B, and has it do so from here on.
func (s *Session) pair(a, b string) bool {
	ka, kb := key(a), key(b)
	known, ok := s.toB[ka]
	if ok {
		return known == kb
	}
	if _, taken := s.toA[kb]; taken {
		return false
	}
	if len(s.toB) < maxIDs {
		ka, kb = strings.Clone(ka), strings.Clone(kb)
		s.know(ka, kb, strings.Clone(b))
		s.learned = append(s.learned, ka)
	}
	return true
}

// ToB returns text with the ids of A in it replaced by those of B that they stand for; text
// itself if there are none. Ids that were seen in short only stay short.
func (s *Session) ToB(text []byte) []byte {
	var out []byte
	done := 0
	for p := range pieces(string(text), s.toB) {
		if p.kind != pieceID {
			continue
		}
		b, ok := s.long[key(p.text)]
		if !ok || b == p.text || key(b) == key(p.text) {
			continue
		}
		if isHex(p.text) && len(b) > len(p.text) {
			b = b[:len(p.text)]
		}
		out = append(append(out, text[done:p.at]...), b...)
		done = p.at + len(p.text)
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}
