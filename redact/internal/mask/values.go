package mask

import "bytes"

// Values adds the places where values, which are secrets, stand in text.
func Values(found Spans, m *Marks, text []byte, values [][]byte, name string) Spans {
	for _, v := range values {
		for from := 0; ; {
			n := bytes.Index(text[from:], v)
			if n < 0 {
				break
			}
			from += n + len(v)
			found = found.Whole(m, text, from-len(v), from, name)
		}
	}
	return found
}
