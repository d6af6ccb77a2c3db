package serve

import (
	"encoding/json"

	"github.com/socktrace/socktrace/wire"
)

// bodyOf returns the parts of a body, of which said are the messages, and why they are not all of
// it; empty if they are.
func bodyOf(b *wire.Body, said []*wire.Message) (parts []piece, lacks string) {
	said, changed := traced(said)
	if changed && b != nil {
		return join(said, b)
	}
	return cutBody(b, said)
}

// traced returns messages without those of BuildKit that tell what is in the document before them,
// in the stream of older clients. Where that was masked, it has what they tell again: changed then.
func traced(all []*wire.Message) (kept []*wire.Message, changed bool) {
	for i, m := range all {
		switch {
		case i > 0 && m.Kind == wire.KindGRPC && all[i-1].Kind == wire.KindJSON && m.Index == all[i-1].Index:
		case i+1 < len(all) && len(m.Masked) > 0 && all[i+1].Kind == wire.KindGRPC && all[i+1].Index == m.Index:
			if whole := traceOf(m, all[i+1]); whole != nil {
				m, changed = whole, true
			}
			kept = append(kept, m)
		default:
			kept = append(kept, m)
		}
	}
	return kept, changed
}

// traceOf returns m, a document of a build's progress, with what told tells of it in base64; nil if
// it is none.
func traceOf(m, told *wire.Message) *wire.Message {
	var head struct {
		ID string `json:"id"`
	}
	msg, err := messageOf(told)
	if err != nil || json.Unmarshal(m.Data, &head) != nil {
		return nil
	}
	data, err := json.Marshal(struct {
		ID  string `json:"id"`
		Aux []byte `json:"aux"` // in base64
	}{head.ID, msg})
	if err != nil {
		return nil
	}
	out := *m
	out.Data, out.Masked, out.Truncated = data, nil, false
	out.Size = int64(len(data))
	return &out
}
