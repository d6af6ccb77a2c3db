
`

shop.protoshop.v1"
Order
	item_name (	2-
Shop%
Buy.shop.v1.Order.shop.v1.Order