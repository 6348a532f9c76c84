; What electron-builder's installer does beside its own: entries in the Explorer's menu for files, folders and a folder's background, of
; the person who installs. They are classic verbs: Windows 11 has them under "Show more options".
; MultiSelectModel=Player: without it there are none for more than 15 selected items. The Explorer starts the program once for each.

!macro pan123Verb CLASS VERB LABEL OPTION PLACEHOLDER
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\${VERB}" "" "${LABEL}"
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\${VERB}" "Icon" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}",0'
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\${VERB}" "MultiSelectModel" "Player"
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\${VERB}\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" ${OPTION} "${PLACEHOLDER}"'
!macroend

!macro pan123NoVerb CLASS VERB
  DeleteRegKey HKCU "Software\Classes\${CLASS}\shell\${VERB}"
!macroend

!macro pan123Verbs UPLOAD UPLOAD_TO
  !insertmacro pan123Verb "*" "123panSyncUpload" "${UPLOAD}" "--upload" "%1"
  !insertmacro pan123Verb "*" "123panSyncUploadTo" "${UPLOAD_TO}" "--upload-to" "%1"
  !insertmacro pan123Verb "Directory" "123panSyncUpload" "${UPLOAD}" "--upload" "%1"
  !insertmacro pan123Verb "Directory" "123panSyncUploadTo" "${UPLOAD_TO}" "--upload-to" "%1"
  !insertmacro pan123Verb "Directory\Background" "123panSyncUpload" "${UPLOAD}" "--upload" "%V"
  !insertmacro pan123Verb "Directory\Background" "123panSyncUploadTo" "${UPLOAD_TO}" "--upload-to" "%V"
!macroend

!macro customInstall
  ; Simplified Chinese, of the installer and so of the system.
  ${If} $LANGUAGE == 2052
    !insertmacro pan123Verbs "上传到 123云盘" "上传到 123云盘…"
  ${Else}
    !insertmacro pan123Verbs "Upload to 123pan" "Upload to 123pan…"
  ${EndIf}
!macroend

!macro customUnInstall
  !insertmacro pan123NoVerb "*" "123panSyncUpload"
  !insertmacro pan123NoVerb "*" "123panSyncUploadTo"
  !insertmacro pan123NoVerb "Directory" "123panSyncUpload"
  !insertmacro pan123NoVerb "Directory" "123panSyncUploadTo"
  !insertmacro pan123NoVerb "Directory\Background" "123panSyncUpload"
  !insertmacro pan123NoVerb "Directory\Background" "123panSyncUploadTo"
!macroend
