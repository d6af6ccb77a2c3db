package filter

import (
	"bytes"
	"reflect"
	"unsafe"
)

// cost is what is done with a value.
type cost uint8

const (
	shallow  cost = iota // it is gone over
	deep                 // and what is in it
	compared             // the same, and nothing is made of it
	square               // each element is compared with each other
	pieces               // it is cut into pieces
	parsed               // it is read as JSON
	free                 // it is not gone over
)

// weigh notes what it takes to do something with a value.
func (m *meter) weigh(v any, c cost) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return m.weighText(v, c)
	case []any:
		return m.weighList(v, c)
	case map[string]any:
		return m.weighTable(v, c)
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Map:
		return m.weighElements(r.Len(), c)
	}
	return nil
}

// elementRoom is what an element of a list needs that is made of another.
const elementRoom = 16

// weighText is weigh for a text.
func (m *meter) weighText(s string, c cost) error {
	room, each := len(s), passWork
	switch c {
	case compared:
		room = 0
	case pieces:
		room, each = len(s)*elementRoom, elementWork
	case parsed:
		return m.values(unsafe.Slice(unsafe.StringData(s), len(s)))
	}
	if err := m.work(len(s)+1, each); err != nil {
		return err
	}
	return m.hold(room)
}

// values notes what it takes to make values of a text that is JSON.
func (m *meter) values(text []byte) error {
	objects := bytes.Count(text, []byte{'{'})
	others := bytes.Count(text, []byte{','}) + bytes.Count(text, []byte{'['})
	for _, of := range [...]struct{ n, each int }{{len(text), readWork}, {objects, objectWork}, {others, valueWork}} {
		if err := m.work(of.n, of.each); err != nil {
			return err
		}
	}
	return m.hold(len(text) + objects*objectRoom + others*valueRoom)
}

// weighElements is weigh for n elements, whatever is in them.
func (m *meter) weighElements(n int, c cost) error {
	times := 1
	if c == square {
		times = n
	}
	if err := m.work(n, times*elementWork); err != nil {
		return err
	}
	if c == compared {
		return nil
	}
	return m.hold(n * elementRoom)
}

// within is the cost of what is in a list of cost c.
func (c cost) within() cost {
	if c == compared {
		return c
	}
	return deep
}

// weighList is weigh for a list.
func (m *meter) weighList(list []any, c cost) error {
	if err := m.weighElements(len(list), c); err != nil || c == shallow {
		return err
	}
	for _, v := range list {
		if err := m.weigh(v, c.within()); err != nil {
			return err
		}
	}
	return nil
}

// weighTable is weigh for a table.
func (m *meter) weighTable(table map[string]any, c cost) error {
	if err := m.weighElements(len(table), c); err != nil || c == shallow {
		return err
	}
	for _, v := range table {
		if err := m.weigh(v, c.within()); err != nil {
			return err
		}
	}
	return nil
}
