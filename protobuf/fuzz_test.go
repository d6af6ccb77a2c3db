package protobuf

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
)

// FuzzJSON has any bytes as any type: what comes out is JSON, and within bounds. What
// the library for Go takes and shows, it shows as the same.
func FuzzJSON(f *testing.F) {
	all := messagesOf(oracle())
	types := dynamicpb.NewTypes(oracle())
	r := filler{rand.New(rand.NewPCG(5, 6)), all}
	for i := range all {
		if i%20 == 0 {
			m := dynamicpb.NewMessage(all[i])
			r.fill(m, 2)
			b, err := proto.Marshal(m)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(i, b)
		}
	}
	s := Embedded()
	f.Fuzz(func(t *testing.T, i int, b []byte) {
		if len(b) > 4<<10 {
			return
		}
		d := all[uint(i)%uint(len(all))]
		limits := Limits{Size: 1 << 20}
		got, info := s.AppendJSON(nil, s.Named(string(d.FullName())), b, limits)
		unknown, _ := s.AppendJSON(nil, nil, b, limits)
		if !json.Valid(got) || !json.Valid(unknown) {
			t.Fatalf("%s: that is no JSON:\n%s\n%s", d.FullName(), got, unknown)
		}
		if most := limits.Size + 64*len(b) + 256; len(got) > most || len(unknown) > most {
			t.Fatalf("%d and %d bytes of %d", len(got), len(unknown), len(b))
		}
		m := dynamicpb.NewMessage(d)
		if proto.Unmarshal(b, m) != nil {
			return
		}
		if hasOthers(m) || info != (Info{}) {
			return
		}
		want, err := protojson.MarshalOptions{Resolver: types}.Marshal(m)
		if err != nil {
			return
		}
		var x, y any
		if json.Unmarshal(got, &x) != nil || json.Unmarshal(want, &y) != nil || !reflect.DeepEqual(x, y) {
			t.Fatalf("%s: %+v\n got %s\nwant %s", d.FullName(), info, got, want)
		}
	})
}
