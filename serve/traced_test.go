package serve

import (
	"encoding/json"
	"testing"

	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

// TestTraced has the progress of a build that was masked: what it is told by behind it makes it
// again, and nothing else.
func TestTraced(t *testing.T) {
	const doc = `{"vertexes":[{"name":"[1/2] FROM busybox"}]}`
	masked := &wire.Message{Kind: wire.KindJSON, Index: 1, Data: []byte(`{"id":"moby.buildkit.trace","aux":"[masked 9 bytes]"}`), Masked: []string{"response.body.aux"}}
	told := &wire.Message{Kind: wire.KindGRPC, Index: 1, Type: "moby.buildkit.v1.StatusResponse", Data: []byte(doc)}
	other := &wire.Message{Kind: wire.KindJSON, Index: 2, Data: []byte(`{"stream":"a"}`)}
	got, changed := traced([]*wire.Message{masked, told, other})
	if !changed || len(got) != 2 || got[1] != other {
		t.Fatalf("%t, %d messages", changed, len(got))
	}
	var has struct {
		ID  string
		Aux []byte
	}
	if err := json.Unmarshal(got[0].Data, &has); err != nil {
		t.Fatal(err)
	}
	s := protobuf.Embedded()
	if back, _ := s.AppendJSON(nil, s.Named(told.Type), has.Aux, protobuf.Limits{}); has.ID != "moby.buildkit.trace" || string(back) != doc {
		t.Errorf("%s: %s, want %s", has.ID, back, doc)
	}
	clear := *masked
	clear.Masked = nil
	if got, changed := traced([]*wire.Message{&clear, told}); changed || len(got) != 1 || got[0] != &clear {
		t.Errorf("what is not masked changes: %d messages", len(got))
	}
	broken := *told
	broken.Data = []byte(`{"!":"truncated"}`)
	if got, changed := traced([]*wire.Message{masked, &broken}); changed || len(got) != 1 || got[0] != masked {
		t.Errorf("what is not told makes %d messages", len(got))
	}
}
