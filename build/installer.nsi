; The installer for one person, without an administrator: makensis -DVERSION=… -DFOLDER=… -DOUT=… build/installer.nsi
; /S installs or uninstalls silently: what runs is asked to quit, settings are kept. /D=FOLDER installs elsewhere.
; /ALLUSERS installs for everybody, where only administrators may write; then an administrator, or what manages the
; computer, must run it. The exit status is 5 for anybody else, and 2 where the program could not be ended.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!define NAME "openai-status-tray"
!define TITLE "OpenAI Status Tray"
!define WINDOWS "Software\Microsoft\Windows\CurrentVersion"
!define ENTRY "${WINDOWS}\Uninstall\${NAME}"
; The name that the running program has for Windows, which else would stand for itself above a notification.
!define IDENTITY "Software\Classes\AppUserModelId\${NAME}"
!define COMMAND "${WINDOWS}\App Paths\${NAME}.exe"

Name "${TITLE}"
OutFile "${OUT}"
; One place for all versions: Windows remembers by the path whether a person wants to see the icon.
InstallDir "$LOCALAPPDATA\Programs\${TITLE}"
InstallDirRegKey HKCU "${ENTRY}" "InstallLocation"
BrandingText "${TITLE} ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "${TITLE}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${TITLE}"
VIAddVersionKey /LANG=0 "LegalCopyright" "The ${TITLE} authors. Not made or endorsed by OpenAI."

!include MUI2.nsh
!define MUI_ICON "${ROOT}/assets/icon.ico"
!define MUI_UNICON "${ROOT}/assets/icon.ico"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipStart
!define MUI_FINISHPAGE_RUN "$INSTDIR\${NAME}.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
; The person's own language where it is one of these, else the first.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Turkish"
!insertmacro MUI_LANGUAGE "Indonesian"

LangString RUNS ${LANG_ENGLISH} "${TITLE} is still running. Quit it in its menu, then try again."
LangString RUNS ${LANG_TURKISH} "${TITLE} hâlâ çalışıyor. Menüsünden kapatıp yeniden deneyin."
LangString RUNS ${LANG_INDONESIAN} "${TITLE} masih berjalan. Tutup lewat menunya, lalu coba lagi."
LangString SETTINGS ${LANG_ENGLISH} "Delete your settings and what the program remembers as well?"
LangString SETTINGS ${LANG_TURKISH} "Ayarlarınız ve programın hatırladıkları da silinsin mi?"
LangString SETTINGS ${LANG_INDONESIAN} "Hapus juga pengaturan Anda dan yang diingat program?"

LangString RIGHTS ${LANG_ENGLISH} "To install for everybody, run this as an administrator."
LangString RIGHTS ${LANG_TURKISH} "Herkes için kurmak üzere bunu yönetici olarak çalıştırın."
LangString RIGHTS ${LANG_INDONESIAN} "Untuk memasang bagi semua orang, jalankan ini sebagai administrator."

Var Ran
Var Everybody

!include FileFunc.nsh

; Registry and folders below are then everybody's.
!macro BEGIN_EVERYBODY
  StrCpy $Everybody "yes"
  SetShellVarContext all
  UserInfo::GetAccountType
  Pop $0
  StrCmp $0 "Admin" allowed
  MessageBox MB_OK|MB_ICONSTOP "$(RIGHTS)" /SD IDOK
  SetErrorLevel 5
  Quit
allowed:
!macroend

Function .onInit
  StrCpy $Everybody "no"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} "$0" "/ALLUSERS" $1
  IfErrors done
  StrCpy $2 "$LOCALAPPDATA\Programs\${TITLE}"
  ReadRegStr $3 HKCU "${ENTRY}" "InstallLocation"
  !insertmacro BEGIN_EVERYBODY
  ; Elsewhere than the person's own place if nobody has named one.
  StrCmp $INSTDIR $2 place
  StrCmp $INSTDIR $3 place done
place:
  ReadRegStr $INSTDIR HKLM "${ENTRY}" "InstallLocation"
  StrCmp $INSTDIR "" 0 done
  StrCpy $INSTDIR "$PROGRAMFILES64\${TITLE}"
done:
FunctionEnd

Function un.onInit
  StrCpy $Everybody "no"
  ReadRegStr $1 HKLM "${ENTRY}" "InstallLocation"
  StrCmp $1 $INSTDIR 0 done
  !insertmacro BEGIN_EVERYBODY
done:
FunctionEnd

; It would start with the administrator's rights.
Function SkipStart
  StrCmp $Everybody "yes" 0 +2
  Abort
FunctionEnd

; Windows lets nobody write to a program while it runs, so that tells when it has ended.
!macro QUIT prefix
Function ${prefix}Quit
  StrCpy $Ran "no"
  IfFileExists "$INSTDIR\${NAME}.com" 0 ended
  nsExec::Exec '"$INSTDIR\${NAME}.com" quit'
  Pop $0
  StrCmp $0 "0" 0 wait
  StrCpy $Ran "yes"
wait:
  StrCpy $1 0
look:
  ClearErrors
  FileOpen $2 "$INSTDIR\${NAME}.exe" a
  FileClose $2
  FileOpen $2 "$INSTDIR\${NAME}.com" a
  FileClose $2
  IfErrors 0 ended
  IntOp $1 $1 + 1
  Sleep 250
  IntCmp $1 40 0 look
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNS)" /SD IDCANCEL IDRETRY wait
  SetErrorLevel 2
  Quit
ended:
FunctionEnd
!macroend
!insertmacro QUIT ""
!insertmacro QUIT "un."

Section
  Call Quit
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\${NAME}.exe"
  WriteRegStr SHCTX "${IDENTITY}" "DisplayName" "${TITLE}"
  WriteRegStr SHCTX "${IDENTITY}" "IconUri" "$INSTDIR\${NAME}.exe"
  WriteRegStr SHCTX "${COMMAND}" "" "$INSTDIR\${NAME}.exe"
  WriteRegStr SHCTX "${ENTRY}" "DisplayName" "${TITLE}"
  WriteRegStr SHCTX "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${ENTRY}" "DisplayIcon" "$INSTDIR\${NAME}.exe"
  WriteRegStr SHCTX "${ENTRY}" "Publisher" "The ${TITLE} authors"
  WriteRegStr SHCTX "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${ENTRY}" "NoModify" 1
  WriteRegDWORD SHCTX "${ENTRY}" "NoRepair" 1
  SectionGetSize 0 $0
  WriteRegDWORD SHCTX "${ENTRY}" "EstimatedSize" $0
  ; With a window, its last page offers the start.
  IfSilent 0 done
  StrCmp $Everybody "yes" done
  StrCmp $Ran "yes" 0 done
  Exec '"$INSTDIR\${NAME}.exe"'
done:
SectionEnd

Section Uninstall
  Call un.Quit
  ; What starts at login, and the person's own word on it.
  DeleteRegValue HKCU "${WINDOWS}\Run" "${TITLE}"
  DeleteRegValue HKCU "${WINDOWS}\Explorer\StartupApproved\Run" "${TITLE}"
  Delete "$SMPROGRAMS\${TITLE}.lnk"
  DeleteRegKey SHCTX "${IDENTITY}"
  DeleteRegKey SHCTX "${COMMAND}"
  DeleteRegKey SHCTX "${ENTRY}"
  ; By name, because the folder may be one that holds other things too.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${NAME}.exe"
  Delete "$INSTDIR\${NAME}.com"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\README.md"
  Delete "$INSTDIR\CHANGELOG.md"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  ; Everybody's are their own, and what lies below $LOCALAPPDATA is then the site's.
  StrCmp $Everybody "yes" kept
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(SETTINGS)" /SD IDNO IDNO kept
  RMDir /r "$LOCALAPPDATA\${NAME}"
kept:
SectionEnd
