package words

import "strings"

// marks are the letters, three in a row, one of which each word that tells of a
// secret has in it. "?" stands for any.
var marks = strings.Fields(`pas pwd ?pw pw? psk pin otp red rer jwt ube rti iva ecr tok oki srf uth sig dsn
	ssi key cod rin str ver aml
	egi uui`) // the last two are of fields that no rule tells

// marked has a bit for each three letters of marks. Five bits of each letter count,
// so that case does not.
var marked = func() (t [1 << 15 / 64]uint64) {
	letters := func(c byte) (all []uint) {
		if c != '?' {
			return []uint{uint(c & 31)}
		}
		for i := range uint(32) {
			all = append(all, i)
		}
		return all
	}
	for _, m := range marks {
		for _, a := range letters(m[0]) {
			for _, b := range letters(m[1]) {
				for _, c := range letters(m[2]) {
					i := a<<10 | b<<5 | c
					t[i/64] |= 1 << (i % 64)
				}
			}
		}
	}
	return t
}()

// MayIn tells most texts apart from those that may have a name of a secret in them.
func MayIn(text []byte) bool {
	var last uint
	for _, c := range text {
		last = (last<<5 | uint(c&31)) & (1<<15 - 1)
		if marked[last/64]>>(last%64)&1 != 0 || c == longS || c == kelvin {
			return true
		}
	}
	return len(text) == 2 && last == 'p'&31<<5|'w'&31
}

// The first bytes of letters that are not ASCII and may stand for others: long s, and
// the Kelvin sign.
const (
	longS  = 0xc5
	kelvin = 0xe2
)

// May tells most names apart from those that may tell of a secret, at little cost. What
// has a letter that is not ASCII may stand for another.
func May(name []byte) bool {
	if len(name) > Max {
		name = name[len(name)-Max:]
	}
	var last uint
	for _, c := range name {
		last = (last<<5 | uint(c&31)) & (1<<15 - 1)
		if marked[last/64]>>(last%64)&1 != 0 || c >= 0x80 {
			return true
		}
	}
	return len(name) == 2 && last == 'p'&31<<5|'w'&31
}
