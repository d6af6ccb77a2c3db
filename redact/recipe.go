package redact

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// recipe follows the files that BuildKit fetches to know how to build. They come in
// packets, which call a file by its number in the list of those that were described.
type recipe struct {
	reads dockerapi.Recipe
	count uint64 // files described
	lost  bool   // a packet could not be read: nobody knows the numbers
	files map[uint64]*fileText
}

// maxRecipe is how many files are followed.
const maxRecipe = 8

// packet is what is known of a Packet (fsutil, types/wire.proto).
type packet struct {
	Type string
	Stat *struct{ Path string }
	ID   uint64
	Data any // text, or what stands in its place
}

// text returns the file that m, a packet, is a piece of, and that piece; nil if it is none
// that people read.
func (c *recipe) text(m *wire.Message) (*fileText, string) {
	var p packet
	switch err := json.Unmarshal(m.Data, &p); {
	case err != nil:
		c.missed(m)
	case m.Dir != wire.ToClient:
	case p.Type == "PACKET_DATA":
		piece, _ := p.Data.(string)
		return c.files[p.ID], piece
	case p.Type == "" && p.Stat != nil:
		c.describe(p.Stat.Path)
	}
	return nil, ""
}

// missed notes that m tells nothing.
func (c *recipe) missed(m *wire.Message) {
	if c != nil && m.Dir == wire.ToClient {
		c.lost, c.files = true, nil
	}
}

// describe notes the next file. What ends the list has no path.
func (c *recipe) describe(path string) {
	if path == "" {
		return
	}
	if !c.lost && len(c.files) < maxRecipe && c.reads.Reads(path) {
		if c.files == nil {
			c.files = make(map[uint64]*fileText)
		}
		c.files[c.count] = new(fileText)
	}
	c.count++
}

// aroundData returns what stands before and behind the text of the member data of a JSON
// object; false if there is none.
func aroundData(doc []byte) (before, after []byte, ok bool) {
	d := json.NewDecoder(bytes.NewReader(doc))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, false
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return nil, nil, false
		}
		if end := int(d.InputOffset()); key == "data" && value[0] == '"' {
			return doc[:end-len(value)], doc[end:], true
		}
	}
	return nil, nil, false
}

// maskRecipe masks m, a packet with a piece of a file that people read: the piece as any
// text, the rest as all messages.
func maskRecipe(r *rules, f *fileText, piece string, m *wire.Message, in jsonmask.Where) ([]byte, []string) {
	label := bodyNames[m.Dir&1]
	before, after, ok := aroundData(m.Data)
	if !ok {
		in.Whole = sealedMembers[packetType]
		return jsonmask.Mask(&r.Rules, m.Data, label, in, !m.Truncated)
	}
	shown, names := f.find(r, in.Values, []byte(piece), label).Mask([]byte(piece))
	f.torn = m.Truncated
	rest, more := jsonmask.Mask(&r.Rules, append(append(before[:len(before):len(before)], `""`...), after...), label, in, !m.Truncated)
	if names == nil && more == nil {
		return m.Data, nil
	}
	if before, after, ok = aroundData(rest); !ok {
		return mask.CoverJSON(r.Marks, m.Data, !m.Truncated, label)
	}
	doc, _ := jsontext.AppendString(slices.Clone(before), shown)
	return append(doc, after...), mask.Union(names, more)
}
