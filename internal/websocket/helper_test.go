package websocket

import "strings"

// cuts returns a text in pieces: whole, byte by byte, and cut at each place.
func cuts(s string) (all [][]string) {
	all = append(all, []string{s}, strings.Split(s, ""))
	for n := 1; n < len(s); n++ {
		all = append(all, []string{s[:n], s[n:]})
	}
	return all
}

// read has a Reader read pieces, and returns what it told, in a line, and its error.
func read(r Reader, pieces []string) (told string, err error) {
	var b strings.Builder
	for _, p := range pieces {
		if err = r.Write([]byte(p), func(p Part) error { return tellTo(&b, p) }); err != nil {
			break
		}
	}
	return b.String(), err
}

// tellTo writes a part: the opcode before the first of a message, and a bar behind the last.
func tellTo(b *strings.Builder, p Part) error {
	if p.Opcode >= 8 {
		b.WriteString("(" + string('0'+rune(p.Opcode)) + string(p.Data) + ")")
		return nil
	}
	b.Write(p.Data)
	if p.Last {
		b.WriteString(string('0'+rune(p.Opcode)) + "|")
	}
	return nil
}
