#!/bin/sh
# The shop, by hand.
curl -s 'https://shop.example/products?page=2' \
  -H 'Accept: application/json' \
  -H "Authorization: Bearer $SHOP_TOKEN" --compressed
curl -X POST https://shop.example/orders --json '{"product": 17, "user": "${USER}"}' | jq .
curl https://shop.example/login -d user=ann -d 'password=s3cr3t-pass' -A gale -u ann:s3cr3t-user
curl -G https://shop.example/search --data-urlencode 'q=red & blue' -d sort=price
curl https://shop.example/photos -F title=Cat -F 'photo=@../cat.png;type=image/png' -k --max-time 5 --frobnicate
curl "https://shop.example/users/$USER_ID?full=1" -I -b 'session=s3cr3t-cookie'
curl https://shop.example/notes --data-raw $'It\'s\n\u00e9t\u00e9' -H 'Content-Type: text/plain'
curl -T backup.tar https://shop.example:443/upload
curl https://other.example/
wget https://shop.example/
