package compare

import "strings"

// ShapeA returns the shape of a text of A: a sign in the place of each id and each time, for those
// who look for what may be the same. Ids that stand for one of B are as that is.
func (s *Session) ShapeA(text string) string {
	return shape(text, s.toB, func(k string) string { return s.toB[k] })
}

// ShapeB returns the shape of a text of B: ids that one of A stands for stay.
func (s *Session) ShapeB(text string) string {
	return shape(text, s.toA, func(k string) string {
		if _, ok := s.toA[k]; ok {
			return k
		}
		return ""
	})
}

// shape replaces ids by what as returns for them, or by a sign.
func shape(text string, known map[string]string, as func(key string) string) string {
	if !hasID(text) && len(known) == 0 && findMoment(text) == nil {
		return text
	}
	var b strings.Builder
	for p := range pieces(text, known) {
		switch p.kind {
		case pieceText:
			b.WriteString(p.text)
		case pieceTime:
			b.WriteByte('@')
		default:
			if id := as(key(p.text)); id != "" {
				b.WriteString(id)
			} else {
				b.WriteByte('#')
			}
		}
	}
	return b.String()
}
