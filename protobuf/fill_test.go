package protobuf

import (
	"bytes"
	"math"
	"math/rand/v2"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// filler fills messages by chance.
type filler struct {
	*rand.Rand
	inside []protoreflect.MessageDescriptor // what an Any may hold
}

// fill sets about half of the fields of a message.
func (r filler) fill(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	switch m.Descriptor().FullName() {
	case "google.protobuf.Any":
		r.fillAny(m, depth)
		return
	case "google.protobuf.Timestamp", "google.protobuf.Duration":
		m.Set(fields.ByNumber(1), protoreflect.ValueOfInt64(r.Int64N(4e9)))
		m.Set(fields.ByNumber(2), protoreflect.ValueOfInt32([]int32{0, 5, 7e3, 120e6, 999999999}[r.IntN(5)]))
		return
	case "google.protobuf.FieldMask":
		m.Mutable(fields.ByNumber(1)).List().Append(protoreflect.ValueOfString("some_path.of_it"))
		m.Mutable(fields.ByNumber(1)).List().Append(protoreflect.ValueOfString("b"))
		return
	case "google.protobuf.Value":
		r.fillValue(m)
		return
	}
	for i := range fields.Len() {
		switch f := fields.Get(i); {
		case r.IntN(2) == 0, f.Message() != nil && depth == 0 && !f.IsMap():
		case f.IsMap():
			r.fillMap(m.Mutable(f).Map(), f, depth)
		case f.IsList():
			for range r.IntN(4) {
				r.add(m.Mutable(f).List(), f, depth)
			}
		case f.Message() != nil:
			r.fill(m.Mutable(f).Message(), depth-1)
		default:
			m.Set(f, r.scalar(f))
		}
	}
}

func (r filler) add(l protoreflect.List, f protoreflect.FieldDescriptor, depth int) {
	if f.Message() == nil {
		l.Append(r.scalar(f))
		return
	}
	r.fill(l.AppendMutable().Message(), depth-1)
}

func (r filler) fillMap(m protoreflect.Map, f protoreflect.FieldDescriptor, depth int) {
	for range r.IntN(4) {
		key := r.scalar(f.MapKey()).MapKey()
		if f.MapValue().Message() == nil {
			m.Set(key, r.scalar(f.MapValue()))
		} else if depth > 0 {
			r.fill(m.Mutable(key).Message(), depth-1)
		}
	}
}

func (r filler) fillValue(m protoreflect.Message) {
	f := m.Descriptor().Fields().ByNumber([]protoreflect.FieldNumber{1, 2, 3}[r.IntN(3)])
	switch f.Number() {
	case 1:
		m.Set(f, protoreflect.ValueOfEnum(0))
	case 2:
		m.Set(f, protoreflect.ValueOfFloat64(r.Float64()))
	case 3:
		m.Set(f, protoreflect.ValueOfString("s"))
	}
}

// fillAny puts a message of some type into an Any.
func (r filler) fillAny(m protoreflect.Message, depth int) {
	if depth <= 0 {
		return
	}
	inner := dynamicpb.NewMessage(r.inside[r.IntN(len(r.inside))])
	r.fill(inner, depth-1)
	plain(inner)
	b, err := proto.Marshal(inner)
	if err != nil {
		panic(err)
	}
	fields := m.Descriptor().Fields()
	m.Set(fields.ByNumber(1), protoreflect.ValueOfString("type.googleapis.com/"+string(inner.Descriptor().FullName())))
	m.Set(fields.ByNumber(2), protoreflect.ValueOfBytes(b))
}

// scalar returns a value: one of those that are likely to be wrong.
func (r filler) scalar(f protoreflect.FieldDescriptor) protoreflect.Value {
	n := []int64{0, 1, -1, 127, 128, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 1 << 53, 300}[r.IntN(11)]
	x := []float64{0, 1, -1.5, 1e-7, 1e21, 123456.789, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64}[r.IntN(10)]
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(n&1 == 1)
	case protoreflect.EnumKind:
		values := f.Enum().Values()
		return protoreflect.ValueOfEnum(values.Get(r.IntN(values.Len())).Number())
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(n))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(n))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(n)
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(n))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(x))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(x)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString([]string{"", "a", "two words\n", `"quoted\`, "\u202e\x1b[31m", "日本語", "a_b"}[r.IntN(7)])
	}
	return protoreflect.ValueOfBytes([][]byte{nil, {0}, []byte("\xff\xfe\x00"), bytes.Repeat([]byte{7}, 256)}[r.IntN(4)])
}

// plain removes what is shown otherwise than protojson does: bytes that are more than
// their descriptors say.
func plain(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case overrides[string(f.FullName())] > contentSecret:
			m.Clear(f)
		case f.IsMap():
			if f.MapValue().Message() != nil {
				v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
					plain(v.Message())
					return true
				})
			}
		case f.Message() == nil:
		case f.IsList():
			for i := range v.List().Len() {
				plain(v.List().Get(i).Message())
			}
		default:
			plain(v.Message())
		}
		return true
	})
}

// hasOthers reports whether a message has what is shown otherwise than protojson does:
// fields without a name, bytes that are more than their descriptors say or longer than
// are shown, documents in bytes, enumerations beyond their names.
func hasOthers(m protoreflect.Message) (has bool) {
	if len(m.GetUnknown()) > 0 || m.Descriptor().FullName() == "google.protobuf.Any" {
		return true
	}
	value := func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Message() != nil {
			return hasOthers(v.Message())
		}
		if f.Kind() != protoreflect.BytesKind {
			return false
		}
		b := v.Bytes()
		return overrides[string(f.FullName())] > contentSecret || len(b) > shortBytes || len(b) > 1 && (b[0] == '{' || b[0] == '[')
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsMap():
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
				has = has || value(f.MapValue(), v)
				return !has
			})
		case f.IsList():
			for i := range v.List().Len() {
				has = has || value(f, v.List().Get(i))
			}
		default:
			has = has || value(f, v)
		}
		return !has
	})
	return has
}
