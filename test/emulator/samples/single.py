# The sample of spec/upload-v2.md, "二、单步上传, 步骤二：发起上传", as near to its text as can be.
# Changed: host, token, folder id and file come from the command line and TOKEN; etag and size are computed.
# Mended: mimetypes.guess_type gives a tuple, and 'Content-Type: ' + a tuple is a TypeError; hence the [0].
# usage: TOKEN=... python3 single.py HOST:PORT PARENT_FILE_ID FILE
import hashlib
import http.client
import mimetypes
import os
import sys
from codecs import encode
import uuid

host, parentFileID, filepath = sys.argv[1:4]

conn = http.client.HTTPConnection(host) # 使用获取的上传域名
dataList = []
boundary = '----FormBoundary-' + uuid.uuid4().hex # 使用随机的boundary

# --- file ---
dataList.append(encode('--' + boundary))
filename = os.path.basename(filepath)
dataList.append(encode(f'Content-Disposition: form-data; name="file"; filename="{filename}"'))
fileType = mimetypes.guess_type(filepath)[0] or 'application/octet-stream'
dataList.append(encode('Content-Type: ' + fileType))
dataList.append(encode(''))

with open(filepath, 'rb') as f:
    dataList.append(f.read())

# --- parentFileID ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="parentFileID"'))
dataList.append(encode('Content-Type: text/plain'))
dataList.append(encode(''))
dataList.append(encode(parentFileID))

# --- filename ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="filename"'))
dataList.append(encode('Content-Type: text/plain'))
dataList.append(encode(''))
dataList.append(encode(filename))

# --- etag ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="etag"'))
dataList.append(encode('Content-Type: text/plain'))
dataList.append(encode(''))
dataList.append(encode(hashlib.md5(open(filepath, 'rb').read()).hexdigest()))

# --- size ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="size"'))
dataList.append(encode('Content-Type: text/plain'))
dataList.append(encode(''))
dataList.append(encode(str(os.path.getsize(filepath))))

# --- 结束 ---
dataList.append(encode('--' + boundary + '--'))
dataList.append(encode(''))

body = b'\r\n'.join(dataList)

headers = {
  'Authorization': 'Bearer ' + os.environ['TOKEN'],
  'Platform': 'open_platform',
  'Content-type': f'multipart/form-data; boundary={boundary}'
}
conn.request("POST", "/upload/v2/file/single/create", body, headers)
res = conn.getresponse()
data = res.read()
print(data.decode("utf-8"))
