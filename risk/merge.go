package risk

import "github.com/socktrace/socktrace/internal/jsontext"

// maxDeep is how deep in a document members of one name are looked for: deeper nothing is
// judged.
const maxDeep = 10

// merged returns what a document with several members of one name may become. Go's
// encoding/json decodes each into what those before have left: objects get the members of
// all; elements of lists, those of the same place in lists before, even if a shorter list
// was between. Where one value replaces another both stay: each counts. It returns nil if
// there are no such members.
func merged(doc []byte) []byte {
	if !doubled(doc, 0) {
		return nil
	}
	return appendMerged(nil, [][]byte{doc}, 0)
}

// doubled reports whether an object in a value has several members of one name. In very
// few others it may seem so.
func doubled(value []byte, deep int) bool {
	if len(value) == 0 || deep == maxDeep {
		return false
	}
	switch value[0] {
	case '{':
		var names sums
		for name, v := range jsontext.Members(value) {
			if names.has(sum(name)) || doubled(v, deep+1) {
				return true
			}
		}
	case '[':
		for v := range jsontext.Elements(value) {
			if doubled(v, deep+1) {
				return true
			}
		}
	}
	return false
}

// sums is a set of the sums of names.
type sums struct {
	few  [24]uint64
	n    int
	many map[uint64]bool // all, if they are more than few
}

// has reports whether a sum is there, and adds it.
func (s *sums) has(sum uint64) bool {
	if s.many != nil {
		was := s.many[sum]
		s.many[sum] = true
		return was
	}
	for _, known := range s.few[:s.n] {
		if known == sum {
			return true
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = sum
		s.n++
		return false
	}
	s.many = map[uint64]bool{sum: true}
	for _, known := range s.few {
		s.many[known] = true
	}
	return false
}

// sum returns a sum of a name in quotes, the same for all that are compared as equal.
func sum(quoted []byte) uint64 {
	for _, c := range quoted {
		if c == '\\' || c >= 0x80 {
			s, _ := jsontext.Unquote(quoted)
			return fnv([]byte(fold(string(s))))
		}
	}
	return fnv(quoted[1 : len(quoted)-1])
}

// fnv is FNV-1a, for letters of ASCII in either case.
func fnv(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// appendMerged appends what values that are all objects, or all lists, become together; of
// anything else the first.
func appendMerged(dst []byte, values [][]byte, deep int) []byte {
	switch first := values[0]; {
	case deep == maxDeep:
		return append(dst, first...)
	case first[0] == '{':
		return mergeObjects(dst, values, deep)
	case first[0] == '[':
		return mergeLists(dst, values, deep)
	default:
		return append(dst, first...)
	}
}

// mergeObjects appends an object with the members of several.
func mergeObjects(dst []byte, objects [][]byte, deep int) []byte {
	type member struct {
		name   []byte
		values [][]byte
	}
	var all []member
	at := make(map[string]int)
	for _, object := range objects {
		for name, value := range jsontext.Members(object) {
			s, _ := jsontext.Unquote(name)
			key := fold(string(s))
			i, known := at[key]
			if !known {
				i = len(all)
				at[key] = i
				all = append(all, member{name: name})
			}
			all[i].values = append(all[i].values, value)
		}
	}
	dst = append(dst, '{')
	for _, m := range all {
		for _, together := range groups(m.values) {
			dst = append(separated(dst), m.name...)
			dst = appendMerged(append(dst, ':'), together, deep+1)
		}
	}
	return append(dst, '}')
}

// mergeLists appends a list with the elements of several.
func mergeLists(dst []byte, lists [][]byte, deep int) []byte {
	var places [][][]byte
	for _, list := range lists {
		i := 0
		for element := range jsontext.Elements(list) {
			if i == len(places) {
				places = append(places, nil)
			}
			places[i] = append(places[i], element)
			i++
		}
	}
	dst = append(dst, '[')
	for _, values := range places {
		for _, together := range groups(values) {
			dst = appendMerged(separated(dst), together, deep+1)
		}
	}
	return append(dst, ']')
}

// separated appends a comma, unless an object or a list begins there.
func separated(dst []byte) []byte {
	if last := dst[len(dst)-1]; last == '{' || last == '[' {
		return dst
	}
	return append(dst, ',')
}

// groups returns which values become one: all objects, all lists; others stay alone.
func groups(values [][]byte) (all [][][]byte) {
	if len(values) == 1 {
		return [][][]byte{values}
	}
	var objects, lists [][]byte
	for _, v := range values {
		switch v[0] {
		case '{':
			objects = append(objects, v)
		case '[':
			lists = append(lists, v)
		default:
			all = append(all, [][]byte{v})
		}
	}
	if objects != nil {
		all = append(all, objects)
	}
	if lists != nil {
		all = append(all, lists)
	}
	return all
}
