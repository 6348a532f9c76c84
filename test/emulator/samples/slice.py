# The sample of spec/upload-v2.md, "步骤二：上传分片", as near to its text as can be.
# Changed: host, token, preuploadID, slice number and file come from the command line and TOKEN; the MD5 is computed.
# usage: TOKEN=... python3 slice.py HOST:PORT PREUPLOAD_ID SLICE_NO FILE
import hashlib
import http.client
import mimetypes
import os
import sys
from codecs import encode

host, preuploadID, sliceNo, filepath = sys.argv[1:5]

conn = http.client.HTTPConnection(host) # 使用创建文件接口返回的域名
dataList = []
boundary = 'wL36Yn8afVp8Ag7AmP8qZ0SA4n1v9T'
# --- preuploadID ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="preuploadID";'))
dataList.append(encode('Content-Type: {}'.format('text/plain')))
dataList.append(encode(''))
dataList.append(encode(preuploadID))

# --- sliceNo ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="sliceNo";'))
dataList.append(encode('Content-Type: {}'.format('text/plain')))
dataList.append(encode(''))
dataList.append(encode(sliceNo))

# --- sliceMD5 ---
dataList.append(encode('--' + boundary))
dataList.append(encode('Content-Disposition: form-data; name="sliceMD5";'))
dataList.append(encode('Content-Type: {}'.format('text/plain')))
dataList.append(encode(''))
dataList.append(encode(hashlib.md5(open(filepath, 'rb').read()).hexdigest()))

# --- slice file ---
dataList.append(encode('--' + boundary))
filename = os.path.basename(filepath)
dataList.append(encode(f'Content-Disposition: form-data; name="slice"; filename="{filename}"'))
fileType = mimetypes.guess_type(filepath) or 'application/octet-stream'
dataList.append(encode('Content-Type: {}'.format(fileType)))
dataList.append(encode(''))

with open(filepath, 'rb') as f:
  dataList.append(f.read())

# --- 结束 ---
dataList.append(encode('--'+boundary+'--'))
dataList.append(encode(''))
body = b'\r\n'.join(dataList)

headers = {
  'Authorization': 'Bearer ' + os.environ['TOKEN'],
  'Platform': 'open_platform',
  'Content-type': f'multipart/form-data; boundary={boundary}'
}

conn.request("POST", "/upload/v2/file/slice", body, headers)
res = conn.getresponse()
data = res.read()
print(data.decode("utf-8"))
